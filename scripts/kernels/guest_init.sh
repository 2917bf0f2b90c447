#!/bin/busybox sh
# The init of the guest: doctor, then live monitoring with some detections. What boot.ts reads is after "@@".
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /sys/fs/cgroup
mount -t tmpfs shm /dev/shm
mount -t tmpfs tmp /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t securityfs securityfs /sys/kernel/security
ip link set lo up
hostname -F /etc/hostname
echo "@@kernel $(uname -r)"

falco doctor
echo "@@doctor $?"

# name, options of falco: monitoring with detections
monitor() {
  name=$1
  shift
  falco -o json_output=true -o 'append_output=[{extra_fields: [proc.vmrss]}]' "$@" >/tmp/alerts.$name 2>/tmp/log.$name &
  falco=$!
  while ! grep -q "watching system calls" /tmp/log.$name && kill -0 $falco 2>/dev/null; do sleep 1; done
  cat /etc/shadow >/dev/null
  cp /bin/trigger /dev/shm/payload; /dev/shm/payload nothing
  cp /bin/trigger /tmp/nginx; /tmp/nginx run /bin/sh -c 'exit 3'
  trigger memory /bin/trigger nothing
  trigger attach
  trigger unshare-uts
  trigger load-module
  trigger dup-socket 127.0.0.1 17311 0
  echo loot >/dev/loot
  echo '#' >/usr/local/bin/new
  echo '# nothing' >/etc/cron.d/new
  trigger nothing stratum+tcp://pool.invalid:3333
  sleep 3
  kill -INT $falco
  wait $falco
  echo "@@monitor.$name $?"
  sed "s/.*\"rule\":\"\([^\"]*\)\".*/@@alert.$name \1/" /tmp/alerts.$name
  rm -f /dev/loot /usr/local/bin/new /etc/cron.d/new
  cat /tmp/log.$name
}

monitor off
sed -n 's/.*"proc.vmrss":\([0-9]*\).*/@@resident \1/p' /tmp/alerts.off

# the same detections where the kernel leaves out what no rule can match: all of them, or a word that it refuses
monitor auto -o engine.kernel_filter=auto
grep kernel_filter /tmp/log.auto | sed 's/^/@@filter /'

# whole events? rings that hold all of it, for what is lost says nothing
falco record -o engine.modern_ebpf.buf_size_preset=8 -w /tmp/stress.scap \
  'proc.exepath startswith /tmp/d and evt.type in (open, openat, execve)' >/tmp/record 2>&1 &
falco=$!
while ! grep -q "recording into" /tmp/record && kill -0 $falco 2>/dev/null; do sleep 1; done
made=$(stress 10)
sleep 3
kill -INT $falco
wait $falco
cat /tmp/record
falco events --trace /tmp/stress.scap \
  -p '%evt.type|%proc.name|%evt.arg.name|%proc.exepath|%proc.args|' >/tmp/events 2>/dev/null
{ echo "$made"; grep drops /tmp/record; cat /tmp/events; } | awk -f /etc/integrity.awk
echo "@@end"
poweroff -f
