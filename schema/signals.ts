// Names of signals, x86-64 Linux. Real-time signals have none and are rendered as numbers.
// Out: SIGNAL_NAMES; the position is the number.

export const SIGNAL_NAMES: readonly string[] = `
  - SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE
  SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM
  SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS
`.trim().split(/\s+/).map((name) => name === "-" ? "" : name);
