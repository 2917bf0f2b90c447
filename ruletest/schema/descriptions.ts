// What each key of a test file means, in a sentence: for editors, and for the tables of docs/testing-rules.md.
// A key that means something else in one place has an entry for it, `place.key`.

export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  // a file, a case
  rules:
    "Rules files in the order of loading, from the folder of the test file; `bundled` for falco's own. Without it X.test.yaml tests X.yaml.",
  rule_matching:
    "`all`: every rule that matches an event fires (default); `first`: only the first one, as falco monitors unless told otherwise.",
  hostname: "Name of the host.",
  hosts: "Names of hosts with their addresses, as rules ask for them (fd.sip.name).",
  users:
    "Users by name: a number, or `{uid, gid, home, shell}`. A name that is not defined gets a number of its own.",
  groups: "Groups by name, with their numbers.",
  containers: "Containers by name, which processes are in.",
  process: "The process that does what the events say.",
  processes: "Processes by name, which events say with `by`.",
  before: "Events that happen before: they change the state, and no rule sees them.",
  templates: "Parts of cases by name.",
  cases: "The cases.",
  name: "Name of the case.",
  skip: "Why the case is not run.",
  only: "Runs only this case and others that say so.",
  template: "Name of the template whose keys count where the case has none of its own.",
  with: "Values for `${name}` in the case and its template.",
  matrix:
    "Makes a case of each combination of values (a mapping of lists), or of each row (a list of mappings).",
  events: "What happens, in this order.",
  expect:
    "The rule that shall fire, a list of them, `nothing`, or `{fired, not_fired, nothing_else, lists}`.",
  // expectations
  fired: "Rules that shall fire: names, or `{rule, times, priority, output, fields}`.",
  not_fired: "Rules that shall not fire.",
  nothing_else: "Whether every other rule that fires is a failure.",
  lists: "Items of lists after all files have changed them: all of them, or `{contains, lacks}`.",
  rule: "Name of the rule.",
  times: "How often: 2, 2+ for at least two, 1-3. Without it at least once.",
  priority: "Priority of the alert.",
  output: "The output: as it is, or by an operator: `{contains: …}`.",
  fields: "Values of fields, also of those that the output does not have: as they are, or by an operator.",
  // processes
  "process.name": "Name of the process (proc.name); without it that of `exe`.",
  exe: "Path of its program; without it /usr/bin/ and its name.",
  args: "Its arguments: a line, or a list.",
  parent: "The process that started it: a name of `processes`, a program, a process as it is, or `none`.",
  in:
    "Where it is: a name of `containers`, `{container: {…}}`, or `host`. A child is where its parent is, and a parent in the same place.",
  user: "Name or number of its user; root when not given.",
  group: "Name or number of its group.",
  login_user: "The user who logged in; nobody when not given.",
  pid: "Its number.",
  session: "Number of its session leader.",
  cwd: "Its working directory.",
  tty: "Whether it has a terminal, or the number of it.",
  env: "Its environment: a mapping, or a list of NAME=VALUE.",
  files: "What it has open: numbers, stdin, stdout or stderr, with paths or addresses.",
  capabilities: "Its capabilities; all for root and none for others when not given. `all` for all.",
  exe_is: "What its program is: writable, upper_layer, lower_layer or memfd.",
  "process.known":
    "Whether falco has seen it begin, or found it when it started; without that, its events have only the number of their thread.",
  // containers, pods
  "container.name": "Name of the container.",
  image: "Image with its tag.",
  id: "Its id, 12 to 64 hexadecimal digits; made of the name when not given.",
  engine: "What runs it: docker, podman, containerd, cri or cri_o.",
  privileged: "Whether it is privileged.",
  labels: "Labels.",
  mounts: "Mounts, each SOURCE:DESTINATION or SOURCE:DESTINATION:ro.",
  host_network: "Whether it has the host's network.",
  host_pid: "Whether it has the host's processes.",
  host_ipc: "Whether it has the host's IPC.",
  ip: "Its address.",
  image_id: "Id of the image.",
  image_digest: "Digest of the image.",
  pod: "The pod that it is in: a name, or `{name, namespace, labels, …}`.",
  known: "Whether its runtime has told about it; without that, only its id is known.",
  "pod.name": "Name of the pod.",
  namespace: "Namespace of the pod.",
  uid: "Id of the pod in the Kubernetes API.",
  deployment: "Deployment that the pod is of.",
  services: "Services that choose the pod.",
  // events
  by: "Name of the process that does it: of `processes`, or given by `as`.",
  as: "Name for the process that it makes.",
  do: "What the process that it makes does.",
  "step.times": "How often it happens.",
  after: "Time that passes before it, such as 10s.",
};
