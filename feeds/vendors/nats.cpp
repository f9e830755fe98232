// Ticks that `yagura relay` published to NATS, in the native JSON: one subject an instrument.
#include "feeds/vendors/common.hpp"
#include "feeds/vendors/native.hpp"

namespace yagura::feeds {
namespace {

class NatsCodec final : public Codec {
 public:
  explicit NatsCodec(Credentials credentials) : credentials_(std::move(credentials)) {}

  void handshake(Handshake& opening) const override {
    opening.headers.emplace_back("user", credentials_.user);
    opening.headers.emplace_back("password", credentials_.password);
    opening.headers.emplace_back("token", credentials_.token);
  }
  // What goes up over this carrier are the names of subjects.
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    return {symbols.begin(), symbols.end()};
  }
  void decode(Frame frame, Decoded& out) noexcept override { ticks_->decode(frame, out); }

 private:
  Credentials credentials_;
  std::unique_ptr<Codec> ticks_ = make_native_codec();
};

}  // namespace

Vendor nats_vendor();
Vendor nats_vendor() {
  return {.name = "nats",
          .facts = {.title = "NATS, from `yagura relay`",
                    .carries = "whatever the relay's feeds carry",
                    .key = "as the server wants: user and password, or a token",
                    .delay = "live",
                    .terms = "at most once: what is lost on the way shows as a gap in the numbers",
                    .sample = "NI225 USDJPY"},
          .default_url = "",
          .carrier = Carrier::kNats,
          .codec = [](const CodecOptions& options) -> std::unique_ptr<Codec> {
            return std::make_unique<NatsCodec>(options.credentials);
          },
          .vendor_symbol = [](std::string_view symbol) { return std::string{symbol}; }};
}

}  // namespace yagura::feeds
