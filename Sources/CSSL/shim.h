// TLS of OpenSSL 3, over memory instead of sockets. What are macros there are functions here.
#pragma once
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

static inline int reelmill_ssl_require_tls12(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
static inline int reelmill_ssl_set_server_name(SSL *session, const char *name) {
  return (int)SSL_set_tlsext_host_name(session, name);
}
// The bytes in a memory buffer, left there. Returns how many.
static inline long reelmill_bio_peek(BIO *buffer, char **start) { return BIO_get_mem_data(buffer, start); }
