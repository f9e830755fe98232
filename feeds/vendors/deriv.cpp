// Deriv's public ticks: JSON text, one object a message, errors inside ordinary answers.
#include <algorithm>

#include "feeds/vendors/decoding.hpp"
#include "feeds/vendors/serving.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kPingEvery = std::chrono::seconds{30};
constexpr auto kIdleLimit = std::chrono::minutes{2};  // of a client's silence
// After a RateLimit the commands go out so far apart, each time twice as far.
constexpr Duration kFirstSpacing = std::chrono::seconds{1};
constexpr Duration kMostSpacing = std::chrono::seconds{30};

std::string vendor_symbol(std::string_view symbol) {
  if (symbol == "NI225") return "OTC_N225";
  return is_currency_pair(symbol) ? std::string{"frx"}.append(symbol) : std::string{symbol};
}

class DerivCodec final : public Codec {
 public:
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    symbols_.assign(symbols.begin(), symbols.end());
    closed_.clear();
    std::vector<std::string> frames;
    for (std::size_t i = 0; i < symbols_.size(); ++i) frames.push_back(subscribe(i));
    return frames;
  }

  std::vector<std::string> unsubscribe(std::span<const std::string>) override { return {R"({"forget_all":"ticks"})"}; }

  std::string keep_alive() override { return R"({"ping":1})"; }
  [[nodiscard]] Duration keep_alive_every() const override { return kPingEvery; }
  [[nodiscard]] Duration command_spacing() const override { return spacing_; }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (const char* problem = tree_.read(frame.payload)) {
      out.error = problem;
      return;
    }
    const auto root = tree_.root();
    const auto type = root["msg_type"];
    if (const auto error = root["error"]; !error.absent()) {
      refused(root, error, out);
    } else if (!type.is_string()) {
      if (!is_request(root)) out.error = "a message without \"msg_type\"";
    } else if (type.text() == "tick") {
      decode_tick(root["tick"], out);
    } else if (type.text() == "ping") {
      on_pong(out);
    }
  }

 private:
  [[nodiscard]] std::string subscribe(std::size_t position) const {
    std::string text;
    JsonWriter{text}
        .begin_object()
        .field("ticks", symbols_[position])
        .field("subscribe", 1)
        .field("req_id", position + 1)
        .end_object();
    return text;
  }

  // A command of ours, in a capture of both directions.
  static bool is_request(JsonView root) {
    const auto has = [&](std::string_view name) { return !root[name].missing(); };
    return has("ticks") || has("ping") || has("forget") || has("forget_all");
  }

  static void decode_tick(JsonView in, Decoded& out) {
    VendorTick tick;
    if (!in.is_object()) {
      out.error = "a message of type \"tick\" without one";
      return;
    }
    if (!take_symbol(out, "symbol", in["symbol"], tick.symbol)) return;
    if (in["quote"].absent()) {
      out.error = "a tick without \"quote\"";
      return;
    }
    if (!take_price(out, "quote", in["quote"], tick.price) || !take_price(out, "bid", in["bid"], tick.bid) ||
        !take_price(out, "ask", in["ask"], tick.ask) || !take_seconds(out, "epoch", in["epoch"], tick.ts)) {
      return;
    }
    if (tick.price || tick.bid || tick.ask) out.ticks.push_back(tick);
  }

  // One request was refused; the others and the connection are as good as before.
  void refused(JsonView root, JsonView error, Decoded& out) {
    const auto code = error["code"].text();
    vendor_error(out, error.is_object() ? code : error.text());
    if (const auto message = error["message"].text(); !message.empty())
      out.error.append(": ").append(clip(message, kLongText));
    const auto position = requested(root);
    if (code == "RateLimit") {
      spacing_ = std::clamp(spacing_ * 2, kFirstSpacing, kMostSpacing);
      if (position < symbols_.size()) out.replies.push_back(subscribe(position));
    } else if (code == "MarketIsClosed" && position < symbols_.size()) {
      out.subscribed = true;  // understood, and asked again with each pong
      if (std::find(closed_.begin(), closed_.end(), position) == closed_.end()) closed_.push_back(position);
    }
  }

  // Which of our requests an answer is for; past the end when none is.
  [[nodiscard]] std::size_t requested(JsonView root) const {
    const auto id = read_integer(root["req_id"]);
    if (id && *id >= 1 && static_cast<std::size_t>(*id) <= symbols_.size()) return static_cast<std::size_t>(*id) - 1;
    const auto named = std::find(symbols_.begin(), symbols_.end(), root["echo_req"]["ticks"].text());
    return static_cast<std::size_t>(named - symbols_.begin());
  }

  // Half a minute without a command: the limit is over, and a closed market may have opened.
  void on_pong(Decoded& out) {
    spacing_ = Duration{0};
    for (const auto position : closed_) out.replies.push_back(subscribe(position));
    closed_.clear();
  }

  JsonTree tree_;
  std::vector<std::string> symbols_;
  std::vector<std::size_t> closed_;  // refused because their market was closed
  Duration spacing_{};
};

class DerivServer final : public VendorServer {
 public:
  explicit DerivServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime now) override {
    heard_ = now;
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime now) override {
    heard_ = now;
    if (tree_.read(frame.payload) != nullptr || !tree_.root().is_object()) {
      return say(
          R"({"error":{"code":"InputValidationFailed","message":"Input validation failed"},"msg_type":"error"})");
    }
    const auto root = tree_.root();
    request_ = frame.payload;
    if (!root["ping"].missing()) return answer("ping", [](JsonWriter& json) { json.field("ping", "pong"); });
    if (!root["ticks"].missing()) return on_ticks(root["ticks"]);
    if (!root["forget"].missing()) return on_forget(root["forget"].text());
    if (!root["forget_all"].missing()) return on_forget_all();
    return error("error", "UnrecognisedRequest", "Unrecognised request.");
  }

  ServerReply on_timer(MonoTime now, Timestamp) override {
    return now - heard_ < kIdleLimit ? ServerReply{} : ServerReply{{}, kNoStatus};
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return symbols_.has(vendor_symbol(symbol)); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    const auto price = price_of(tick);
    if (!price) return false;
    const auto symbol = vendor_symbol(tick.symbol);
    const auto id = id_of(symbol);
    JsonWriter json{out};
    json.begin_object().key("echo_req").begin_object().field("ticks", symbol).end_object().field("msg_type", "tick");
    json.key("subscription").begin_object().field("id", id).end_object().key("tick").begin_object();
    if (tick.ask) number_field(json, "ask", *tick.ask);
    if (tick.bid) number_field(json, "bid", *tick.bid);
    json.field("epoch", to_ns(tick.ts) / 1'000'000'000).field("id", id);
    number_field(json, "quote", *price);
    json.field("symbol", symbol).end_object().end_object();
    return true;
  }

 private:
  // Members of every answer around those that `write` adds.
  template <class Write>
  ServerReply answer(std::string_view type, Write write) {
    std::string text;
    JsonWriter json{text};
    json.begin_object().key("echo_req").raw(request_);
    write(json);
    json.field("msg_type", type);
    if (const auto id = read_integer(tree_.root()["req_id"])) json.field("req_id", *id);
    json.end_object();
    return say(std::move(text));
  }

  ServerReply error(std::string_view type, std::string_view code, std::string_view message) {
    return answer(type, [&](JsonWriter& json) {
      json.key("error").begin_object().field("code", code).field("message", message).end_object();
    });
  }

  // The first tick is the answer to a subscription that is taken.
  ServerReply on_ticks(JsonView wanted) {
    if (!wanted.is_array()) return subscribe(wanted.text());
    ServerReply all;
    for (const auto symbol : wanted) {
      for (auto& text : subscribe(symbol.text()).frames) all.frames.push_back(std::move(text));
    }
    return all;
  }

  ServerReply subscribe(std::string_view symbol) {
    const std::string name{clip(symbol, 40)};
    if (name.empty() || !offers(shared_, vendor_symbol, symbol))
      return error("tick", "InvalidSymbol", "Symbol " + name + " is invalid.");
    if (!symbols_.add(symbol)) return error("tick", "AlreadySubscribed", "You are already subscribed to " + name + ".");
    return {};
  }

  ServerReply on_forget(std::string_view id) {
    const auto names = symbols_.names();
    const auto found = std::find_if(names.begin(), names.end(), [&](const auto& name) { return id_of(name) == id; });
    const bool known = found != names.end();
    if (known) symbols_.remove(*found);
    return answer("forget", [&](JsonWriter& json) { json.field("forget", known ? 1 : 0); });
  }

  ServerReply on_forget_all() {
    return answer("forget_all", [&](JsonWriter& json) {
      json.key("forget_all").begin_array();
      for (const auto& name : symbols_.names()) json.value(id_of(name));
      json.end_array();
      symbols_.clear();
    });
  }

  // Of a subscription: any text that no other has.
  static std::string id_of(std::string_view symbol) { return std::string{"replay-"}.append(symbol); }

  const VendorServerShared& shared_;
  JsonTree tree_;
  std::string_view request_;  // being answered
  Subscriptions symbols_;
  MonoTime heard_{};
};

}  // namespace

Vendor deriv_vendor();
Vendor deriv_vendor() {
  return {.name = "deriv",
          .facts = {.title = "Deriv",
                    .carries = "USD/JPY (frxUSDJPY) and Deriv's own Nikkei price (OTC_N225), price, bid and ask",
                    .key = "none",
                    .delay = "live, at most one tick a second",
                    .terms = "public gateway of a CFD broker; OTC_N225 is not the index",
                    .sample = "NI225 USDJPY"},
          .default_url = "wss://api.derivws.com/trading/v1/options/ws/public",
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<DerivCodec>(); },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<DerivServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
