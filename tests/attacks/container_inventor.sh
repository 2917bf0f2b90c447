# Makes containers without end, as far as their names show: a cgroup with one process in it, and away with both. Until SIGTERM.
# In: the folder of cgroups that is this user's. Elsewhere: who starts it (tests/attacks/cases/containers_without_end.ts).
trap 'isOver=yes' TERM
n=0
until [ "$isOver" ]; do
  n=$((n + 1))
  # the first twelve digits tell one from another
  group=$(printf '%s/libpod-%012x%052x.scope' "$1" "$n" 0)
  mkdir "$group"
  (echo 0 > "$group/cgroup.procs" && exec /bin/true)
  rmdir "$group"
done
