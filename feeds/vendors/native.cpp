// Yagura's own protocol: JSON text frames, also for other systems that want to feed a monitor.
#include <simdjson.h>

#include <algorithm>

#include "core/json_writer.hpp"
#include "feeds/vendors/common.hpp"
#include "feeds/vendors/native.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kHeartbeatAfter = std::chrono::seconds{5};  // of silence on the connection

std::string vendor_symbol(std::string_view symbol) { return std::string{symbol}; }

class NativeCodec final : public Codec {
 public:
  std::vector<std::string> on_open(std::span<const std::string> symbols) override {
    std::string text;
    JsonWriter json{text};
    json.begin_object().field("type", "subscribe").key("symbols").begin_array();
    for (const auto& symbol : symbols) json.value(symbol);
    json.end_array().end_object();
    return {std::move(text)};
  }

  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    Members in;
    const JsonField fields[] = {{"type", &in.type},   {"symbol", &in.symbol},  {"ts_ns", &in.ts_ns},
                                {"price", &in.price}, {"bid", &in.bid},        {"ask", &in.ask},
                                {"seq", &in.seq},     {"message", &in.message}};
    if (const char* problem = json_.read(frame.payload, fields)) {
      out.error = problem;
    } else if (in.type.kind != JsonKind::kString) {
      out.error = "a frame without \"type\"";
    } else if (in.type.text == "tick") {
      decode_tick(in, out);
    } else if (in.type.text == "subscribed") {
      out.subscribed = true;
    } else if (in.type.text == "error") {
      out.error.assign("vendor error: ").append(clip(in.message.text, kLongText));
    }
  }

 private:
  struct Members {
    JsonScalar type, symbol, ts_ns, price, bid, ask, seq, message;
  };

  static void decode_tick(const Members& in, Decoded& out) {
    VendorTick tick;
    if (!read_price(in.price, tick.price)) return reject_value(out, "price", in.price);
    if (!read_price(in.bid, tick.bid)) return reject_value(out, "bid", in.bid);
    if (!read_price(in.ask, tick.ask)) return reject_value(out, "ask", in.ask);
    if (!in.ts_ns.absent()) {
      const auto ns = read_integer(in.ts_ns);
      if (!ns) return reject_value(out, "ts_ns", in.ts_ns);
      tick.ts = timestamp_from_ns(*ns);
    }
    if (!in.seq.absent()) {
      const auto seq = read_integer(in.seq);
      if (!seq || *seq < 0) return reject_value(out, "seq", in.seq);
      tick.seq = static_cast<std::uint64_t>(*seq);
    }
    if (in.symbol.kind != JsonKind::kString || in.symbol.text.empty()) {
      out.error = "a tick without a symbol";
      return;
    }
    if (!tick.price && !tick.bid && !tick.ask) return;
    tick.symbol = in.symbol.text;
    out.ticks.push_back(tick);
  }

  JsonFrame json_;
};

class NativeServer final : public VendorServer {
 public:
  explicit NativeServer(const VendorServerShared& shared) : shared_(shared) {}

  ServerReply on_open(MonoTime now) override {
    last_sent_ = now;
    return {};
  }

  ServerReply on_frame(Frame frame, MonoTime) override {
    sent_ = true;
    simdjson::dom::element message;
    std::string_view type;
    if (frame.payload.empty() ||
        parser_.parse(frame.payload.data(), frame.payload.size()).get(message) != simdjson::SUCCESS ||
        message["type"].get(type) != simdjson::SUCCESS) {
      return error(R"(not a message: {"type":"subscribe","symbols":["USDJPY"]} is one)");
    }
    if (type != "subscribe") return error("unknown message type \"" + std::string{clip(type)} + "\", known: subscribe");
    simdjson::dom::array symbols;
    if (message["symbols"].get(symbols) != simdjson::SUCCESS)
      return error("subscribe needs \"symbols\", a list of names");
    return subscribe(symbols);
  }

  [[nodiscard]] bool wants(std::string_view symbol) const override { return contains(symbols_, symbol); }

  bool encode(const ReplayTick& tick, std::string& out) override {
    sent_ = true;
    encode_native_tick(tick, out);
    return true;
  }

  ServerReply on_timer(MonoTime now, Timestamp replay_time) override {
    if (sent_) {
      sent_ = false;
      last_sent_ = now;
    }
    if (now - last_sent_ < kHeartbeatAfter) return {};
    last_sent_ = now;
    std::string text;
    JsonWriter{text}.begin_object().field("type", "heartbeat").field("ts_ns", to_ns(replay_time)).end_object();
    return {{std::move(text)}, std::nullopt};
  }

 private:
  static bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  static ServerReply error(std::string_view message) {
    std::string text;
    JsonWriter{text}.begin_object().field("type", "error").field("message", message).end_object();
    return {{std::move(text)}, std::nullopt};
  }

  // Takes what is known, says what is not.
  ServerReply subscribe(simdjson::dom::array symbols) {
    std::string ack;
    std::string unknown;
    JsonWriter json{ack};
    json.begin_object().field("type", "subscribed").key("symbols").begin_array();
    for (const auto element : symbols) {
      std::string_view symbol;
      const bool is_name = element.get(symbol) == simdjson::SUCCESS;
      if (is_name && (shared_.offered.empty() || contains(shared_.offered, symbol))) {
        if (!contains(symbols_, symbol)) symbols_.emplace_back(symbol);
        json.value(symbol);
      } else {
        unknown.append(unknown.empty() ? "" : ", ").append(is_name ? clip(symbol, 40) : "something that is no name");
      }
    }
    json.end_array().end_object();
    ServerReply reply{{std::move(ack)}, std::nullopt};
    if (!unknown.empty())
      reply.frames.push_back(error("unknown symbols: " + std::string{clip(unknown)}).frames.front());
    return reply;
  }

  const VendorServerShared& shared_;
  simdjson::dom::parser parser_;
  std::vector<std::string> symbols_;
  MonoTime last_sent_{};
  bool sent_ = false;  // something went out since the last timer
};

}  // namespace

void encode_native_tick(const ReplayTick& tick, std::string& out) {
  JsonWriter json{out};
  json.begin_object().field("type", "tick").field("symbol", tick.symbol).field("ts_ns", to_ns(tick.ts));
  if (tick.price) json.field("price", *tick.price);
  if (tick.bid) json.field("bid", *tick.bid);
  if (tick.ask) json.field("ask", *tick.ask);
  if (tick.seq) json.field("seq", *tick.seq);
  json.end_object();
}

std::unique_ptr<Codec> make_native_codec() { return std::make_unique<NativeCodec>(); }

Vendor native_vendor();
Vendor native_vendor() {
  return {.name = "native",
          .facts = {.title = "Yagura's own protocol",
                    .carries = "whatever the other side offers",
                    .key = "none",
                    .delay = "live",
                    .terms = "JSON over WebSocket, for systems that want to feed a monitor",
                    .sample = "NI225 USDJPY"},
          .default_url = "",
          .codec = [](const CodecOptions&) -> std::unique_ptr<Codec> { return std::make_unique<NativeCodec>(); },
          .make_server = [](VendorServerShared& shared) -> std::unique_ptr<VendorServer> {
            return std::make_unique<NativeServer>(shared);
          },
          .vendor_symbol = vendor_symbol};
}

}  // namespace yagura::feeds
