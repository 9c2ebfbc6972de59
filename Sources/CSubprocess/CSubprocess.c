#define _GNU_SOURCE
#include "CSubprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Everything here runs in the child, which shares the parent's memory until exec: plain system calls alone.

static bool limit(int resource, uint64_t value) {
  if (value == csubprocess_unlimited) return true;
  struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
  return setrlimit(resource, &limit) == 0;
}

static bool set_limits(const csubprocess_request *request) {
  return limit(RLIMIT_AS, request->address_space) && limit(RLIMIT_CPU, request->cpu_seconds) &&
         limit(RLIMIT_FSIZE, request->file_size) && limit(RLIMIT_NOFILE, request->open_files) &&
         limit(RLIMIT_NPROC, request->processes) && limit(RLIMIT_CORE, 0);
}

static bool set_descriptors(const csubprocess_request *request) {
  int wanted[3] = {request->standard_input, request->standard_output, request->standard_error};
  for (int index = 0; index < 3; index++) {
    // Moved out of the way first, so that none is overwritten before it is in place.
    wanted[index] = fcntl(wanted[index], F_DUPFD, 3);
    if (wanted[index] < 0) return false;
  }
  for (int index = 0; index < 3; index++)
    if (dup2(wanted[index], index) < 0) return false;
  if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return true;
  // A kernel before 5.9.
  struct rlimit open_files;
  if (getrlimit(RLIMIT_NOFILE, &open_files) != 0) return false;
  for (rlim_t descriptor = 3; descriptor < open_files.rlim_cur; descriptor++) close((int)descriptor);
  return true;
}

static void reset_signals(void) {
  struct sigaction defaults = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &defaults, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static const char *become(const csubprocess_request *request, pid_t parent) {
  if (setsid() < 0) return "start a session for";
  if (request->parent_death_signal != 0) {
    if (prctl(PR_SET_PDEATHSIG, request->parent_death_signal) != 0) return "tie the life of the parent to";
    // The parent may have died before.
    if (getppid() != parent) _exit(127);
  }
  if (request->niceness != 0 && setpriority(PRIO_PROCESS, 0, request->niceness) != 0) return "set the niceness of";
  if (chdir(request->working_directory) != 0) return "enter the working directory of";
  if (!set_descriptors(request)) return "set the descriptors of";
  reset_signals();
  if (!set_limits(request)) return "set the limits of";
  execve(request->executable, request->arguments, request->environment);
  return "execute";
}

csubprocess_result csubprocess_start(const csubprocess_request *request) {
  // The child writes here through the memory it shares.
  volatile int error = 0;
  const char *volatile action = NULL;
  const pid_t parent = getpid();
  // No handler of ours may run in the child: it would run in our memory.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = vfork();
  if (pid == 0) {
    action = become(request, parent);
    error = errno;
    _exit(127);
  }
  int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (pid < 0) return (csubprocess_result){.error = fork_error, .action = "fork for"};
  if (error != 0) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return (csubprocess_result){.error = error, .action = action};
  }
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0u);
  if (pidfd < 0) {
    int pidfd_error = errno;
    kill(-pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return (csubprocess_result){.error = pidfd_error, .action = "watch"};
  }
  return (csubprocess_result){.pid = pid, .pidfd = pidfd};
}

int csubprocess_pipe(int *read_end, int *write_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  *read_end = ends[0];
  *write_end = ends[1];
  return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int csubprocess_memory_file(void) { return memfd_create("standard-input", MFD_CLOEXEC); }

bool csubprocess_reap(int pid, bool *was_signalled, int *value) {
  int status = 0;
  if (waitpid(pid, &status, WNOHANG) != pid) return false;
  *was_signalled = WIFSIGNALED(status);
  *value = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}
