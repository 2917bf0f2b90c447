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

falco -o json_output=true -o 'append_output=[{extra_fields: [proc.vmrss]}]' >/tmp/alerts 2>/tmp/log &
falco=$!
while ! grep -q "watching system calls" /tmp/log && kill -0 $falco 2>/dev/null; do sleep 1; done
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
echo "@@monitor $?"
sed 's/.*"rule":"\([^"]*\)".*/@@alert \1/' /tmp/alerts
sed -n 's/.*"proc.vmrss":\([0-9]*\).*/@@resident \1/p' /tmp/alerts
cat /tmp/log

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
