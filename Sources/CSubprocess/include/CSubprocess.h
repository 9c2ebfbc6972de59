// Starts a program between vfork and exec, where only C can promise to touch nothing it must not.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// No limit of that kind.
static const uint64_t csubprocess_unlimited = UINT64_MAX;

typedef struct {
  const char *executable;
  char *const *arguments;    // NULL-terminated
  char *const *environment;  // NULL-terminated
  const char *working_directory;
  int standard_input, standard_output, standard_error;
  int niceness;
  int parent_death_signal;  // 0: none
  uint64_t address_space, cpu_seconds, file_size, open_files, processes;
} csubprocess_request;

typedef struct {
  int pid;
  int pidfd;
  int error;           // 0, or the errno of what failed
  const char *action;  // what failed; static text
} csubprocess_result;

// Starts a child as the leader of a session and group of its own. Signals are reset, all descriptors but the three
// standard ones are closed. Call it on a thread that lives as long as the process: the parent-death signal follows it.
csubprocess_result csubprocess_start(const csubprocess_request *request);

// A pipe whose ends close on exec; the end to read from does not block. 0, or -1 and errno.
int csubprocess_pipe(int *read_end, int *write_end);

// An anonymous file in memory.
int csubprocess_memory_file(void);

// Takes a child's exit without waiting. False if it still runs.
bool csubprocess_reap(int pid, bool *was_signalled, int *value);
