// libmicrohttpd 0.9.75 or newer. Its variadic functions and macros are wrapped here with one type each.
#pragma once
#include <microhttpd.h>
#include <stddef.h>

// What a daemon is started with; the daemon copies it.
struct cmicrohttpd_settings {
  int listening_socket;
  unsigned threads;
  unsigned connections;
  unsigned connections_per_address;
  unsigned idle_seconds;
  size_t bytes_per_connection;
  // Given to all of the functions below.
  void *context;
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback notified;
};

// Leaves paths and queries as they came: what is decoded before it is taken apart means something else.
static size_t cmicrohttpd_keep(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return __builtin_strlen(text);
}

static inline struct MHD_Daemon *cmicrohttpd_start(const struct cmicrohttpd_settings *settings) {
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, settings->handle, settings->context,
      MHD_OPTION_LISTEN_SOCKET, settings->listening_socket, MHD_OPTION_THREAD_POOL_SIZE, settings->threads,
      MHD_OPTION_CONNECTION_LIMIT, settings->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
      settings->connections_per_address, MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->bytes_per_connection, MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_UNESCAPE_CALLBACK, cmicrohttpd_keep, NULL, MHD_OPTION_NOTIFY_COMPLETED, settings->completed,
      settings->context, MHD_OPTION_NOTIFY_CONNECTION, settings->notified, settings->context, MHD_OPTION_END);
}

// The pointer that the notification of a new connection left with it.
static inline void *cmicrohttpd_connection_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

static inline int cmicrohttpd_connection_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

// Macros that do not reach Swift.
static const uint64_t cmicrohttpd_unknown_size = MHD_SIZE_UNKNOWN;
static const ssize_t cmicrohttpd_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t cmicrohttpd_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;
