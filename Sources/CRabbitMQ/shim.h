// librabbitmq as a codec: the methods, properties and tables of AMQP 0-9-1.
#pragma once
#include <amqp.h>
#include <amqp_framing.h>
