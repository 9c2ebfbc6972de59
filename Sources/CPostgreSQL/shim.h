// libpq, PostgreSQL's client library (15 or newer).
#pragma once
#include <libpq-fe.h>
