// The C interface of OpenBLAS. Matrices are passed as pointers to their first element with the distance between rows.
#pragma once
#include <cblas.h>
#include <stdbool.h>

// In every OpenBLAS that has kernels for several processors, but in no header; weak, because others lack them.
__attribute__((weak)) void gotoblas_dynamic_init(void);
__attribute__((weak)) void gotoblas_dynamic_quit(void);

// Makes the library choose its kernels again, by OPENBLAS_CORETYPE if that is set. No product may be under way.
static inline void openblas_choose_kernels_again(void) {
  if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
}

// Whether processor and system offer all that the library's kernels for AVX-512 use.
static inline bool processor_has_avx512(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}
