// What the vendors that want a key have in common, on both sides of the wire.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json_writer.hpp"
#include "feeds/vendors/common.hpp"

namespace yagura::feeds {

// ---- The client's side ----

// A codec whose key stands in the address, as the query parameter `name`. A key that the configured
// address has already is left as it is.
class UrlKeyCodec : public Codec {
 public:
  UrlKeyCodec(std::string_view name, std::string key) : name_(name), key_(std::move(key)) {}
  void handshake(Handshake& handshake) const override;
  // The key as it looks in the address, where that is another text.
  [[nodiscard]] std::vector<std::string> session_secrets() const override;

 private:
  std::string_view name_;
  std::string key_;
};

// "USD/JPY,EUR/USD"
[[nodiscard]] std::string join(std::span<const std::string> names, char separator = ',');

// Reports what the vendor said of itself.
void report(Decoded& out, std::string_view what, Refusal refusal = Refusal::kNone);

// True when an error text is about the key: vendors without error codes leave no other sign.
[[nodiscard]] bool speaks_of_key(std::string_view text);

// Epoch times, as numbers or strings. Absent ones leave `out` empty; false for what is no time.
[[nodiscard]] bool read_ms(const JsonScalar& value, std::optional<Timestamp>& out) noexcept;
[[nodiscard]] bool read_seconds(const JsonScalar& value, std::optional<Timestamp>& out) noexcept;
// Ten digits are seconds, thirteen milliseconds.
[[nodiscard]] bool read_seconds_or_ms(const JsonScalar& value, std::optional<Timestamp>& out) noexcept;

// ---- The vendor's side ----

// The value of a query parameter, decoded; empty when there is none.
[[nodiscard]] std::string query_parameter(std::string_view target, std::string_view name);
[[nodiscard]] bool is_right_key(const VendorServerShared& shared, std::string_view key);

// The names that one connection has subscribed to.
class NameSet {
 public:
  [[nodiscard]] bool has(std::string_view name) const;
  void add(std::string_view name);
  void remove(std::string_view name);
  void clear() { names_.clear(); }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

// The instrument (our spelling) with that vendor spelling is among what is offered; any is when
// nothing is listed.
[[nodiscard]] bool is_offered(const VendorServerShared& shared, std::string (*vendor_symbol)(std::string_view),
                              std::string_view theirs);

// One connection among those that a vendor counts. Leaves with its server.
class CountedConnection {
 public:
  CountedConnection(VendorServerShared& shared, const VendorServer* who) : shared_(shared), who_(who) {}
  ~CountedConnection();
  CountedConnection(const CountedConnection&) = delete;
  CountedConnection& operator=(const CountedConnection&) = delete;

  void enter(std::string counted_under);
  // Throws the oldest out until `most` are left that are counted as this one is.
  void keep_newest(std::size_t most, const ServerReply& last_words);
  // Throws all others out and leaves; false when there were none.
  bool end_all(const ServerReply& last_words);

 private:
  [[nodiscard]] std::vector<const VendorServer*> counted_alike() const;
  void leave(const VendorServer* who);
  void evict(const VendorServer* who, const ServerReply& last_words);

  VendorServerShared& shared_;
  const VendorServer* who_;
  std::string counted_under_;
};

// One price where others have a quote: the mid.
[[nodiscard]] std::optional<Price> single_price(const ReplayTick& tick);
struct TwoSides {
  Price bid, ask;
};
// A quote where others have one price: the same on both sides.
[[nodiscard]] std::optional<TwoSides> two_sides(const ReplayTick& tick);

// A price as a JSON number: exact, no double.
void price_field(JsonWriter& json, std::string_view name, Price price);
[[nodiscard]] inline std::int64_t to_ms(Timestamp ts) { return to_ns(ts) / 1'000'000; }

}  // namespace yagura::feeds
