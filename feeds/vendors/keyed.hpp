// What the vendors that want a key have in common, on both sides of the wire.
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

// True when an error text is about the key: vendors without error codes leave no other sign.
[[nodiscard]] bool speaks_of_key(std::string_view text);

// ---- The vendor's side ----

// The value of a query parameter, decoded; empty when there is none.
[[nodiscard]] std::string query_parameter(std::string_view target, std::string_view name);
[[nodiscard]] bool is_right_key(const VendorServerShared& shared, std::string_view key);

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

}  // namespace yagura::feeds
