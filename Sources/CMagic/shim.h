// What a file is by its content (libmagic).
#pragma once
#include <magic.h>
