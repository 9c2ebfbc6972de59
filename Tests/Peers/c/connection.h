// What the C programs share: a connection over librabbitmq, queues, the confirms of a channel. Any error ends the program.
#pragma once

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what) {
  fprintf(stderr, "error: %s\n", what);
  exit(1);
}

static void expect(amqp_rpc_reply_t reply, const char *what) {
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION)
    fprintf(stderr, "%s\n", amqp_error_string2(reply.library_error));
  fail(what);
}

// `amqp://user:password@host:port/` is the virtual host `/`, as other clients read it; librabbitmq reads an empty name.
static amqp_connection_state_t dial(const char *url) {
  char *text = strdup(url);
  size_t length = strlen(text);
  if (length > 0 && text[length - 1] == '/') text[length - 1] = 0;
  struct amqp_connection_info info;
  amqp_default_connection_info(&info);
  if (amqp_parse_url(text, &info) != AMQP_STATUS_OK) fail("the URL cannot be read");
  amqp_connection_state_t connection = amqp_new_connection();
  amqp_socket_t *socket = amqp_tcp_socket_new(connection);
  if (!socket || amqp_socket_open(socket, info.host, info.port)) fail("connect");
  expect(
      amqp_login(connection, info.vhost, 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, info.user, info.password), "log in");
  return connection;
}

static void open_channel(amqp_connection_state_t connection, amqp_channel_t channel) {
  amqp_channel_open(connection, channel);
  expect(amqp_get_rpc_reply(connection), "open a channel");
}

static void select_confirms(amqp_connection_state_t connection, amqp_channel_t channel) {
  amqp_confirm_select(connection, channel);
  expect(amqp_get_rpc_reply(connection), "select confirms");
}

static bool has_input(amqp_connection_state_t connection) {
  return amqp_frames_enqueued(connection) || amqp_data_in_buffer(connection);
}

// Which publishes of a channel are confirmed. Confirms come out of order, single and for all up to a number.
typedef struct {
  unsigned char *seen;  // by publish number, from 1
  uint64_t prefix;      // all up to here are confirmed
  uint64_t count;       // so many are confirmed in all
} confirms_t;

static confirms_t confirms_for(uint64_t most) {
  confirms_t confirms = {calloc(most + 2, 1), 0, 0};
  if (!confirms.seen) fail("memory");
  return confirms;
}

static void confirm(confirms_t *confirms, uint64_t number) {
  if (confirms->seen[number]) return;
  confirms->seen[number] = 1;
  confirms->count++;
}

static void note_confirm(confirms_t *confirms, const amqp_frame_t *frame) {
  if (frame->frame_type != AMQP_FRAME_METHOD || frame->payload.method.id != AMQP_BASIC_ACK_METHOD)
    fail("something else came than a confirm");
  const amqp_basic_ack_t *ack = frame->payload.method.decoded;
  if (ack->multiple)
    for (uint64_t number = confirms->prefix + 1; number <= ack->delivery_tag; number++) confirm(confirms, number);
  else
    confirm(confirms, ack->delivery_tag);
  while (confirms->seen[confirms->prefix + 1]) confirms->prefix++;
}
