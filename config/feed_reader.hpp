// The [[feed]] tables. Inside config/ only.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include <toml++/toml.h>

#include "config/problems.hpp"
#include "config/settings.hpp"
#include "config/table_reader.hpp"

namespace yagura::feeds {
struct Vendor;
}

namespace yagura::config {

class FeedReader {
 public:
  // All outlive the reader. `is_series`: the instrument is made here, of others.
  FeedReader(const SymbolTable& symbols, std::function<bool(SymbolId)> is_series, Problems& problems)
      : symbols_(symbols), is_series_(std::move(is_series)), problems_(problems) {}

  // The table of that number, from 1.
  [[nodiscard]] FeedSettings read(const toml::table& table, std::size_t number);
  // What can be said only of all feeds together: connections per key.
  void finish();

 private:
  void read_vendor(const TableReader& reader, const std::string& name, FeedSettings& feed);
  void read_address(const TableReader& reader, const feeds::Vendor& vendor, FeedSettings& feed);
  void read_access(const TableReader& reader, const feeds::Vendor& vendor, FeedSettings& feed);
  void read_proxy(const TableReader& reader, FeedSettings& feed);
  void read_symbols(const TableReader& reader, FeedSettings& feed);

  const SymbolTable& symbols_;
  std::function<bool(SymbolId)> is_series_;
  Problems& problems_;
  std::set<std::string> names_;
  // Feeds that share a vendor's limit on connections, by vendor, and key and address.
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> sharing_;
};

}  // namespace yagura::config
