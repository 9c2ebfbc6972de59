// One hop: takes messages from SOURCE, publishes each to TARGET, acknowledges it once that is confirmed. Acknowledges
// many at once when nothing is left to read, at the latest each 32. Then waits for a signal, so that its CPU time can
// be read.
//
// usage: hop URL SOURCE TARGET COUNT PREFETCH
#include "connection.h"

#include <unistd.h>

enum { consuming = 1, publishing = 2, most_unacknowledged = 32 };

int main(int argc, char **argv) {
  if (argc != 6) fail("usage: hop URL SOURCE TARGET COUNT PREFETCH");
  const amqp_bytes_t source = amqp_cstring_bytes(argv[2]), target = amqp_cstring_bytes(argv[3]);
  const uint64_t count = strtoull(argv[4], NULL, 10);
  amqp_connection_state_t connection = dial(argv[1]);
  open_channel(connection, consuming);
  open_channel(connection, publishing);
  select_confirms(connection, publishing);
  amqp_basic_qos(connection, consuming, 0, (uint16_t)atoi(argv[5]), 0);
  expect(amqp_get_rpc_reply(connection), "set the prefetch");
  amqp_basic_consume(connection, consuming, source, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  expect(amqp_get_rpc_reply(connection), "consume");

  // Deliveries are published in their order, so a delivery's tag is its publish's number.
  confirms_t confirms = confirms_for(count);
  uint64_t acknowledged = 0;
  amqp_basic_properties_t properties = {0};
  properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_CONTENT_TYPE_FLAG;
  properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;
  properties.content_type = amqp_cstring_bytes("application/json");
  while (acknowledged < count) {
    uint64_t waiting = confirms.prefix - acknowledged;
    if (waiting >= most_unacknowledged || (waiting > 0 && !has_input(connection))) {
      if (amqp_basic_ack(connection, consuming, confirms.prefix, 1)) fail("acknowledge");
      acknowledged = confirms.prefix;
      continue;
    }
    amqp_envelope_t delivery;
    struct timeval limit = {60, 0};
    amqp_rpc_reply_t reply = amqp_consume_message(connection, &delivery, &limit, 0);
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
      if (amqp_basic_publish(
              connection, publishing, amqp_empty_bytes, target, 0, 0, &properties, delivery.message.body))
        fail("publish");
      amqp_destroy_envelope(&delivery);
    } else if (reply.library_error == AMQP_STATUS_UNEXPECTED_STATE) {
      amqp_frame_t frame;
      if (amqp_simple_wait_frame(connection, &frame)) fail("read a frame");
      note_confirm(&confirms, &frame);
    } else {
      expect(reply, "no delivery within 60 s");
    }
    amqp_maybe_release_buffers(connection);
  }
  pause();
}
