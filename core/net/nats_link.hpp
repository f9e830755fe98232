// One connection of the library's and what hangs on it. Inside core/net/nats_*.cpp only.
#pragma once

#include <nats/nats.h>

#include <algorithm>  // max
#include <memory>
#include <mutex>
#include <string>

#include "core/net/nats_client.hpp"

namespace yagura::net {

template <class T, void (*destroy)(T*)>
struct NatsDestroy {
  void operator()(T* object) const { destroy(object); }
};
template <class T, void (*destroy)(T*)>
using NatsOwned = std::unique_ptr<T, NatsDestroy<T, destroy>>;

// "publishing: timeout", with what JetStream says when it says something.
[[nodiscard]] Error nats_error(std::string_view what, natsStatus status, std::string_view detail = {});
// Words of the library's about the latest failing call of this thread.
[[nodiscard]] std::string nats_detail();

[[nodiscard]] inline std::int64_t to_ms(Duration duration) {
  return std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

// Lives as long as anything that uses it.
struct NatsLink {
  NatsOwned<natsConnection, natsConnection_Destroy> connection;
  NatsOwned<jsCtx, jsCtx_Destroy> jetstream;
  NatsOwned<natsInbox, natsInbox_Destroy> inbox;  // prefix of answers to publishing
  NatsOwned<natsSubscription, natsSubscription_Destroy> answers;
  std::uint64_t asked = 0;
  std::mutex publishing;  // guards the three above

  NatsLink() = default;
  NatsLink(const NatsLink&) = delete;
  NatsLink& operator=(const NatsLink&) = delete;
  ~NatsLink() {
    if (connection) natsConnection_Close(connection.get());
  }
};

[[nodiscard]] Result<NatsAck> nats_publish_stored(NatsLink& link, const std::string& subject, const std::string& id,
                                                  std::string_view payload, Duration limit,
                                                  const std::stop_token& stop);
[[nodiscard]] Result<void> nats_ensure_stream(NatsLink& link, const NatsStream& stream, Duration limit);
[[nodiscard]] Result<std::unique_ptr<NatsConsumer>> nats_consume(std::shared_ptr<NatsLink> link,
                                                                 const NatsDurable& durable, Duration limit);

}  // namespace yagura::net
