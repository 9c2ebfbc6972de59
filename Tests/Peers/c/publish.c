// Publishes each line of its input to QUEUE as a persistent message, awaits every confirm, with at most WINDOW of them
// outstanding. Prints seconds and CPU seconds, from the first message to the last confirm, as a line of JSON.
//
// usage: publish URL QUEUE WINDOW < lines
#include "connection.h"

#include <sys/resource.h>
#include <time.h>

enum { channel = 1 };

static double wall(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// All of the input, as one text that `lines` point into.
static size_t read_lines(amqp_bytes_t **lines) {
  size_t size = 0, room = 1 << 20, got;
  char *text = malloc(room);
  while (text && (got = fread(text + size, 1, room - size, stdin)) > 0) {
    size += got;
    if (size == room) text = realloc(text, room *= 2);
  }
  if (!text) fail("memory");
  size_t count = 0, at = 0;
  for (size_t i = 0; i < size; i++) count += text[i] == '\n';
  *lines = calloc(count + 1, sizeof **lines);
  if (!*lines) fail("memory");
  for (size_t i = 0; i < count; i++) {
    char *end = memchr(text + at, '\n', size - at);
    (*lines)[i] = (amqp_bytes_t){(size_t)(end - text) - at, text + at};
    at = (size_t)(end - text) + 1;
  }
  return count;
}

int main(int argc, char **argv) {
  if (argc != 4) fail("usage: publish URL QUEUE WINDOW < lines");
  const amqp_bytes_t queue = amqp_cstring_bytes(argv[2]);
  const uint64_t window = strtoull(argv[3], NULL, 10);
  amqp_bytes_t *lines;
  const uint64_t count = read_lines(&lines);
  amqp_connection_state_t connection = dial(argv[1]);
  open_channel(connection, channel);
  select_confirms(connection, channel);
  amqp_basic_properties_t properties = {0};
  properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_CONTENT_TYPE_FLAG;
  properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;
  properties.content_type = amqp_cstring_bytes("application/json");

  confirms_t confirms = confirms_for(count);
  uint64_t sent = 0;
  const double start = wall(), cpu_at_start = cpu();
  while (confirms.count < count) {
    for (; sent < count && sent - confirms.count < window; sent++)
      if (amqp_basic_publish(connection, channel, amqp_empty_bytes, queue, 0, 0, &properties, lines[sent]))
        fail("publish");
    do {
      amqp_frame_t frame;
      struct timeval limit = {60, 0};
      if (amqp_simple_wait_frame_noblock(connection, &frame, &limit)) fail("no confirm within 60 s");
      note_confirm(&confirms, &frame);
    } while (confirms.count < count && has_input(connection));
    amqp_maybe_release_buffers(connection);
  }
  printf("{\"count\": %lu, \"seconds\": %.6f, \"cpu\": %.6f}\n", count, wall() - start, cpu() - cpu_at_start);
  amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(connection);
}
