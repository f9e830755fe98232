// One vendor's language. A Codec knows frames and no sockets: the session carries its bytes, the
// replay server speaks the other side through VendorServer. One file per vendor under
// feeds/vendors/, one line each in feeds/vendors.cpp.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::feeds {

// A WebSocket message as it arrived or as it will be sent.
struct Frame {
  std::string_view payload;
  bool binary = false;
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

// What one frame meant. Reused from frame to frame so that nothing is allocated in steady state.
struct Decoded {
  std::vector<VendorTick> ticks;     // in frame order
  std::string error;                 // vendor error or undecodable frame; empty when fine
  std::vector<std::string> replies;  // text frames to send back (handshake steps, heartbeats)
  bool subscribed = false;           // the vendor confirmed the subscription
  void clear() {
    ticks.clear();
    error.clear();
    replies.clear();
    subscribed = false;
  }
};

// The client's side of one connection. The feed's I/O thread only.
class Codec {
 public:
  virtual ~Codec() = default;

  // A fresh connection is open: forgets all state of the one before and returns the text frames to
  // send, in order. `symbols` are the vendor's spellings.
  virtual std::vector<std::string> on_open(std::span<const std::string> symbols) = 0;

  // Never throws, whatever the bytes; `out` is cleared first.
  virtual void decode(Frame frame, Decoded& out) noexcept = 0;

  // Least time between two commands of ours, kept across reconnects by the session.
  [[nodiscard]] virtual Duration command_spacing() const { return Duration{0}; }
  // Text to send when nothing else was sent for `keep_alive_every`; empty for none.
  [[nodiscard]] virtual std::string keep_alive() const { return {}; }
  [[nodiscard]] virtual Duration keep_alive_every() const { return Duration{0}; }
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
  // Path and query of the client's handshake, before on_open: some vendors choose a dialect by it.
  virtual void on_request(std::string_view /*target*/) {}
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
// address rather than per connection, and what there is to subscribe to.
struct VendorServerShared {
  MonoTime last_command{};
  bool any_command = false;
  std::vector<std::string> offered;  // instruments in our spelling; empty: any name is taken
};

struct Vendor {
  std::string_view name;
  std::string_view default_url;  // the real thing; empty when there is none
  std::unique_ptr<Codec> (*make_codec)();
  std::unique_ptr<VendorServer> (*make_server)(VendorServerShared& shared);  // null: cannot be imitated
  // Our spelling to the vendor's: "USDJPY" -> "USD_JPY". Used when the settings name none, and by
  // the replay server in both directions.
  std::string (*vendor_symbol)(std::string_view symbol);
};

[[nodiscard]] std::span<const Vendor> vendors();
[[nodiscard]] const Vendor* find_vendor(std::string_view name);  // null when unknown

}  // namespace yagura::feeds
