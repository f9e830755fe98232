// One vendor's language. A Codec knows frames and no sockets: the session carries its bytes, the
// replay server speaks the other side through VendorServer. One file per vendor under
// feeds/vendors/, one line each in feeds/vendors/list.hpp.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/price.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "feeds/credentials.hpp"
#include "feeds/http_call.hpp"
#include "feeds/url.hpp"

namespace yagura::feeds {

// A WebSocket message as it arrived or as it will be sent; a line of a stream over HTTP.
struct Frame {
  std::string_view payload;
  bool binary = false;
  Timestamp received{};  // zero when nobody knows
};

// One update as the frame itself states it, in the vendor's spelling. Zero or null sides are
// absent. `symbol` points into the codec or the frame: valid until the next decode.
struct VendorTick {
  std::string_view symbol;
  std::optional<Price> price;
  std::optional<Price> bid;
  std::optional<Price> ask;
  std::optional<Timestamp> ts;  // absent: the frame has no time, use the time of receipt
  std::optional<std::uint64_t> seq;
};

// What an error frame means for the connection it came over.
enum class Refusal : std::uint8_t {
  kNone,     // shown and counted; the connection goes on. A symbol that was refused, say
  kSession,  // the connection is of no more use: a new one, logged in anew
  kAuth,     // the key or password was refused: a new attempt, but not soon
};

// What one frame meant. Reused from frame to frame so that nothing is allocated in steady state.
struct Decoded {
  std::vector<VendorTick> ticks;     // in frame order
  std::string error;                 // vendor error or undecodable frame; empty when fine
  Refusal refusal = Refusal::kNone;  // with an error
  std::vector<std::string> replies;  // text frames to send back (handshake steps, heartbeats)
  bool subscribed = false;           // the vendor confirmed the subscription
  void clear() {
    ticks.clear();
    error.clear();
    refusal = Refusal::kNone;
    replies.clear();
    subscribed = false;
  }
};

// What the opening request of a connection says beyond the address.
struct Handshake {
  std::string target;  // path and query: SECRET, some vendors take the key there
  HttpHeaders headers;
};

// The client's side of one feed, through all its connections. The feed's I/O thread only.
//
//   begin -> (next_call -> on_answer)* -> handshake -> on_open -> decode*
class Codec {
 public:
  virtual ~Codec() = default;

  // An attempt to connect begins: forgets all of the one before. `symbols` are the vendor's
  // spellings.
  virtual void begin(std::span<const std::string> /*symbols*/) {}
  // The next HTTP call of the log-in; nullopt: none is left, connect. Asked again after each answer.
  virtual std::optional<HttpCall> next_call() { return std::nullopt; }
  // A 2xx answer to it; the error ends the attempt. Other answers are the session's business.
  virtual Result<void> on_answer(const HttpAnswer&) { return {}; }
  // Adds what the vendor wants to see in the opening request. A query is already in `target` when
  // the configured address has one.
  virtual void handshake(Handshake&) const {}

  // A fresh connection is open: forgets all state of the one before and returns the text frames to
  // send, in order.
  virtual std::vector<std::string> on_open(std::span<const std::string> symbols) = 0;
  // Text frames that end the subscription; sent before we hang up of our own accord.
  virtual std::vector<std::string> unsubscribe(std::span<const std::string> /*symbols*/) { return {}; }

  // Never throws, whatever the bytes; `out` is cleared first.
  virtual void decode(Frame frame, Decoded& out) noexcept = 0;

  // Least time between two commands of ours, kept across reconnects by the session.
  [[nodiscard]] virtual Duration command_spacing() const { return Duration{0}; }
  // Text to send when nothing else was sent for `keep_alive_every`; empty for none.
  virtual std::string keep_alive() { return {}; }
  [[nodiscard]] virtual Duration keep_alive_every() const { return Duration{0}; }

  // What was handed out for this session and must not be shown, beyond the credentials.
  [[nodiscard]] virtual std::vector<std::string> session_secrets() const { return {}; }
};

// A tick on its way out of the replay server, in our spelling.
struct ReplayTick {
  std::string_view symbol;
  std::optional<Price> price;
  std::optional<Price> bid;
  std::optional<Price> ask;
  Timestamp ts;
  std::optional<std::uint64_t> seq;
};

// What the server wants to send and whether it then hangs up, and with which close code.
struct ServerReply {
  std::vector<std::string> frames;     // text
  std::optional<std::uint16_t> close;  // kNoStatus: a close frame without a code
};
inline constexpr std::uint16_t kNoStatus = 1005;

// The vendor's side of one connection: handshake, acknowledgements, limits, errors.
class VendorServer {
 public:
  virtual ~VendorServer() = default;
  // Path, query and headers of the client's handshake, before on_open: where a key may be, and some
  // vendors choose a dialect by it.
  virtual void on_request(const Handshake&) {}
  virtual ServerReply on_open(MonoTime) { return {}; }
  virtual ServerReply on_frame(Frame frame, MonoTime now) = 0;
  // True once this connection subscribed to the instrument (our spelling).
  [[nodiscard]] virtual bool wants(std::string_view symbol) const = 0;
  // Appends the text frame for a tick to the empty `out`; false when the vendor cannot express it.
  virtual bool encode(const ReplayTick& tick, std::string& out) = 0;
  // Called about once a second: heartbeats due now. WebSocket pings are the server's own.
  virtual ServerReply on_timer(MonoTime, Timestamp /*replay time*/) { return {}; }
};

// What the VendorServers of one replay server have in common: the limits that a vendor counts per
// address or key rather than per connection, and what there is to subscribe to.
struct VendorServerShared {
  MonoTime last_command{};
  bool any_command = false;
  std::vector<std::string> offered;   // instruments in our spelling; empty: any name is taken
  std::string key;                    // the one that is right; empty: any is, but there must be one
  std::vector<std::string> sessions;  // given out by log-ins
  // Chosen over HTTP rather than on a connection, in the vendor's spelling.
  std::vector<std::string> registered;
  // Other connections that the one being served throws out, with its last words to them. The replay
  // server carries it out after the call.
  struct Eviction {
    const VendorServer* who;
    ServerReply last_words;
  };
  std::vector<Eviction> evictions;
  // Open connections of vendors that count them, oldest first, and what each is counted under: the
  // key, or cluster and key. Entered and left by the servers themselves.
  struct Connection {
    const VendorServer* who;
    std::string counted_under;
  };
  std::vector<Connection> connections;
};

// For people: `yagura feeds` and the table of docs/feeds.md.
struct VendorFacts {
  std::string_view title;              // "GMO Coin FX"
  std::string_view carries;            // "USD/JPY and other yen pairs; no Nikkei"
  std::string_view key;                // "none"
  std::string_view delay;              // "live"
  std::string_view terms;              // what a user should know before using it
  std::string_view sample = "USDJPY";  // what `yagura feeds test` asks for: ours, a space between
};

// Which credentials the vendor cannot do without.
struct VendorNeeds {
  bool token = false;
  bool user = false;  // and password
  bool password = false;
  bool account = false;
};

// Counted by the vendor; 0: no limit known.
struct VendorLimits {
  std::size_t symbols = 0;              // on one connection
  std::size_t connections_per_key = 0;  // with one key, or from one address where there is no key
};

struct JsonFormat;

struct CodecOptions {
  Credentials credentials;
  std::shared_ptr<const JsonFormat> json{};  // of vendors that want a format
};

struct Vendor {
  std::string_view name;
  VendorFacts facts;
  std::string_view default_url;     // the real thing; empty when there is none
  std::string_view login_url = {};  // where the codec's HTTP calls go; empty: the host of the feed's url
  VendorNeeds needs{};
  VendorLimits limits{};
  bool live = true;                       // false: frames are decoded, feeds are not connected
  Carrier carrier = Carrier::kWebSocket;  // kHttp: lines of an answer that does not end
  bool wants_format = false;              // its frames are read as CodecOptions::json says
  std::unique_ptr<Codec> (*codec)(const CodecOptions&);
  std::unique_ptr<VendorServer> (*make_server)(VendorServerShared& shared) = nullptr;  // null: cannot be imitated
  // The vendor's side of the log-in; null when there is none.
  HttpAnswer (*answer_call)(VendorServerShared& shared, const HttpCall& call) = nullptr;
  Duration server_ping{};  // WebSocket pings come from the vendor so often
  Duration silence{};      // nothing heard for so long is no accident; zero: as with most, a minute
  // Our spelling to the vendor's: "USDJPY" -> "USD_JPY". Used when the settings name none, and by
  // the replay server in both directions.
  std::string (*vendor_symbol)(std::string_view symbol);

  [[nodiscard]] std::unique_ptr<Codec> make_codec(const CodecOptions& options = {}) const { return codec(options); }
};

[[nodiscard]] std::span<const Vendor> vendors();
[[nodiscard]] const Vendor* find_vendor(std::string_view name);  // null when unknown

}  // namespace yagura::feeds
