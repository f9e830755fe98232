// A build without the library (YAGURA_NATS=OFF, or it was not found).
#include "core/net/nats_client.hpp"

namespace yagura::net {

bool NatsClient::built_in() { return false; }

Result<std::unique_ptr<NatsClient>, NatsError> NatsClient::open(NatsOptions) {
  return NatsError{{"this yagura was built without NATS; install libnats-dev and build again"},
                   NatsError::Kind::kWrong};
}

// There are no messages.
NatsMessage::~NatsMessage() = default;
std::string_view NatsMessage::subject() const { return {}; }
std::string_view NatsMessage::payload() const { return {}; }
std::uint64_t NatsMessage::deliveries() const { return 0; }
std::uint64_t NatsMessage::sequence() const { return 0; }
Result<void> NatsMessage::ack() { return {}; }
Result<void> NatsMessage::again_after(Duration) { return {}; }
Result<void> NatsMessage::drop() { return {}; }

}  // namespace yagura::net
