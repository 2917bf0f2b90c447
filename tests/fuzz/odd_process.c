// Processes that say odd things of themselves. In: a seed, how many. Each child picks what it does by chance: a name, an
// argument list and an environment of any bytes, a deep folder, a leader that ends before its threads, descriptors that
// are passed and replaced by the hundred, closes that take long, an execution from memory. With a third argument children
// and program rest so many seconds; children end with the program.
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;

static uint32_t rnd(uint32_t limit) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(state >> 33) % limit;
}

static char *noise(size_t limit) {
  size_t length = rnd(limit);
  char *text = malloc(length + 1);
  for (size_t i = 0; i < length; i++) text[i] = 1 + rnd(255);
  text[length] = 0;
  return text;
}

static void *sleep_a_while(void *unused) {
  usleep(20000);
  close(open("/etc/hostname", O_RDONLY));
  return unused;
}

static void deep_folder(void) {
  char root[] = "/tmp/falco-fuzz-XXXXXX";
  if (!mkdtemp(root) || chdir(root)) return;
  char name[201];
  memset(name, 'd', 200);
  name[200] = 0;
  int depth = 1 + rnd(40);
  for (int i = 0; i < depth && !mkdir(name, 0700) && !chdir(name); i++);
  close(open("leaf", O_CREAT | O_RDWR, 0600));
  unlink("leaf");
  for (int i = 0; i < depth && !chdir(".."); i++) rmdir(name);
  rmdir(root);
}

static void exec_noise(void) {
  int fd = memfd_create(noise(100), 0);
  int self = open("/proc/self/exe", O_RDONLY);
  char block[4096];
  ssize_t count;
  while ((count = read(self, block, sizeof block)) > 0)
    if (write(fd, block, count) != count) _exit(1);
  char *arguments[20] = {noise(300)}, *environment[20] = {0};
  arguments[1] = "exit";
  for (int i = 2; i < 18; i++) arguments[i] = noise(3000);
  for (int i = 0; i < 18; i++) environment[i] = noise(2000);
  fexecve(rnd(2) ? fd : self, arguments, environment);
}

static void pass_descriptor(void) {
  int pair[2], fd = open("/etc/passwd", O_RDONLY);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return;
  char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(head), &fd, sizeof fd);
  sendmsg(pair[0], &message, 0);
  recvmsg(pair[1], &message, 0);
  dup2(pair[1], 50 + rnd(100));
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, noise(100), 50);
  bind(pair[0], (struct sockaddr *)&address, sizeof address);
}

#define MANY 200

/** Hundreds of descriptors in one message, again and again, over numbers that are in use. */
static void descriptor_storm(void) {
  int pair[2], fds[MANY];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) return;
  for (int i = 0; i < MANY; i++) fds[i] = rnd(2) ? open("/etc/hostname", O_RDONLY) : dup(pair[rnd(2)]);
  char byte = 0, control[CMSG_SPACE(sizeof fds)] = {0};
  for (int turn = 0; turn < 4; turn++) {
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fds), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), fds, sizeof fds);
    if (sendmsg(pair[0], &message, 0) < 0) return;
    for (int i = 0; i < 50; i++) close(fds[rnd(MANY)]);
    recvmsg(pair[1], &message, MSG_DONTWAIT | (rnd(2) ? MSG_CMSG_CLOEXEC : 0));
    for (int i = 0; i < 20; i++) dup2(rnd(400), 3 + rnd(400));
  }
}

static void *take_numbers(void *unused) {
  for (int i = 0; i < 200; i++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    dup2(fd, 3 + rnd(20));
    if (rnd(2)) close(fd);
  }
  return unused;
}

/** Closes that wait for their peers, while another thread gets the numbers. */
static void slow_close(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 8)) return;
  getsockname(listener, (struct sockaddr *)&address, &length);
  pthread_t thread;
  pthread_create(&thread, 0, take_numbers, 0);
  for (int i = 0; i < 4; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct linger linger = {1, 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    connect(fd, (struct sockaddr *)&address, length);
    char block[4096] = {0};
    while (send(fd, block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL) > 0);
    fcntl(fd, F_SETFL, 0);
    if (i == 0) close(fd);
  }
  pthread_join(thread, 0);
}

static void odd(char *first, size_t room) {
  switch (rnd(8)) {
    case 0:
      prctl(PR_SET_NAME, noise(40));
      for (size_t i = 0; i < room; i++) first[i] = rnd(256);
      usleep(rnd(20000));
      break;
    case 1:
      deep_folder();
      break;
    case 2:
      exec_noise();
      break;
    case 3: {
      pthread_t thread;
      for (int i = 0; i < 4; i++) pthread_create(&thread, 0, sleep_a_while, 0);
      pthread_exit(0);
    }
    case 4:
      pass_descriptor();
      break;
    case 5:
      descriptor_storm();
      break;
    case 6:
      slow_close();
      break;
    default:
      close(open(noise(4000), O_RDONLY));
      execl("/nowhere", noise(1000), (char *)0);
  }
}

int main(int count, char **arguments) {
  if (count < 3 || strcmp(arguments[1], "exit") == 0) return 0;
  state = strtoull(arguments[1], 0, 10);
  size_t room = strlen(arguments[0]);
  int rest_s = count > 3 ? atoi(arguments[3]) : 0;
  for (int i = atoi(arguments[2]); i > 0; i--) {
    rnd(2);
    state ^= (uint64_t)i << 40;
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      // whatever it has replaced by what never answers
      alarm(rest_s + 3);
      odd(arguments[0], room);
      sleep(rest_s);
      _exit(0);
    }
    if (i % 8 == 0) while (waitpid(-1, 0, WNOHANG) > 0);
  }
  sleep(rest_s);
  while (wait(0) > 0);
  return 0;
}
