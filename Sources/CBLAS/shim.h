// The C interface of OpenBLAS. Matrices are passed as pointers to their first element with the distance between rows.
#pragma once
#include <cblas.h>
