// What the machine can do at all: bytes in, five of them compared, bytes out. Nothing is parsed or
// decided; whoever is faster than this does not do the same work.
#include <cstring>

#include "baselines/alert_frame.hpp"
#include "baselines/connections.hpp"
#include "baselines/feed_reader.hpp"

namespace yagura::baselines {

namespace {

// Where things stand in a tick's frame; the feed writes all of them alike:
// {"type":"tick","symbol":"PROBE","ts_ns":1770595200123456789,"price":"150.001","seq":42}
constexpr std::string_view kBeforeSymbol = R"({"type":"tick","symbol":")";
constexpr std::string_view kProbe = R"(PROBE","ts_ns":)";
constexpr std::size_t kSymbolAt = kBeforeSymbol.size();
constexpr std::size_t kTimeAt = kSymbolAt + kProbe.size();
constexpr std::size_t kTimeDigits = 19;

bool is_probe(std::string_view payload) noexcept {
  return payload.size() >= kTimeAt + kTimeDigits && std::memcmp(payload.data() + kSymbolAt, kProbe.data(), 5) == 0;
}

}  // namespace

void run_floor(const Options& options) {
  constexpr std::int64_t kSomeTime = 1'770'595'200'123'456'789;
  AlertFrame alert{options.alert_bytes};
  std::string reply{alert.write({.instrument = "PROBE",
                                 .level = 150'000'000'000,
                                 .price = 150'001'000'000,
                                 .previous = 149'999'000'000,
                                 .ts_event_ns = kSomeTime,
                                 .ts_decided_ns = kSomeTime})};
  char* const reply_time = reply.data() + reply.find(std::to_string(kSomeTime));

  const auto [client, feed] = connect_both(options);
  FeedReader reader{feed.get(), options.wait};
  while (reader.wait()) {
    while (const auto frame = reader.next()) {
      if (frame->opcode == Opcode::kClose) return;
      if (!is_probe(frame->payload)) continue;
      std::memcpy(reply_time, frame->payload.data() + kTimeAt, kTimeDigits);
      if (!send_frame(client.get(), reply)) return;
    }
  }
}

}  // namespace yagura::baselines
