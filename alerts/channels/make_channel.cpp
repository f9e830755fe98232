#include "alerts/channels/make_channel.hpp"

#include "alerts/channels/email.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "alerts/channels/local_channels.hpp"
#include "alerts/channels/nats.hpp"

namespace yagura::alerts {
namespace {

using Made = Result<std::unique_ptr<Channel>>;

template <class Options>
Made make_in(const Options& options, const EmailContext&) {
  return make(options);
}
Made make_in(const EmailChannel& options, const EmailContext& context) { return make(options, context); }

}  // namespace

Made make_channel(const SinkOptions& sink, const RecentPrices* recent) {
  const EmailContext context{.language = sink.language, .recent = recent};
  auto made = std::visit([&](const auto& options) { return make_in(options, context); }, sink.channel);
  if (!made) return Error{"sink '" + sink.name + "': " + made.error().message};
  return made;
}

}  // namespace yagura::alerts
