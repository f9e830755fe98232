#include "config/feed_reader.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "config/json_format_reader.hpp"
#include "core/net/nats_client.hpp"
#include "feeds/codec.hpp"
#include "feeds/url.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;

SecretSource secret(const TableReader& reader, const std::string& name) {
  SecretSource source{reader.text(name + "_env").value_or(""), reader.text(name + "_file").value_or("")};
  if (!source.env.empty() && !source.file.empty()) {
    reader.problem(name + "_file", "and " + name + "_env are both given; one of them is wanted");
  }
  return source;
}

// Where connections are counted: another host or path counts for itself.
std::string without_query(const std::string& address) {
  const auto url = feeds::parse_url(address);
  return url ? url->authority() + url->target.substr(0, url->target.find('?')) : address;
}

}  // namespace

FeedSettings FeedReader::read(const toml::table& table, std::size_t number) {
  const auto* name_node = table.get("name");
  const auto name = name_node == nullptr ? std::string{} : name_node->value_or(std::string{});
  const TableReader reader{table, "feed", name.empty() ? "feed " + std::to_string(number) : "feed '" + name + "'",
                           problems_};
  FeedSettings feed;
  if (name.empty())
    reader.problem("name", "is missing or no string");
  else if (!names_.insert(name).second)
    reader.problem("name", "'" + name + "' names two feeds");
  feed.name = name;
  read_symbols(reader, feed);
  if (const auto vendor = reader.text("vendor"))
    read_vendor(reader, *vendor, feed);
  else if (!reader.contains("vendor"))
    reader.missing("vendor");
  feed.priority = static_cast<int>(reader.integer("priority", 1, 99).value_or(1));
  read_proxy(reader, feed);
  feed.silence = reader.duration("silence", 1s, 24h).value_or(feed.silence);
  feed.ca_file = reader.text("ca_file").value_or("");
  if (!feed.ca_file.empty() && !std::ifstream(feed.ca_file))
    reader.problem("ca_file", "cannot read '" + feed.ca_file + "'");
  return feed;
}

void FeedReader::read_vendor(const TableReader& reader, const std::string& name, FeedSettings& feed) {
  feed.vendor = name;
  const auto* vendor = feeds::find_vendor(name);
  if (vendor == nullptr || !vendor->live) {
    std::string all;
    for (const auto& known : feeds::vendors()) {
      if (known.live) all.append(all.empty() ? "\"" : ", \"").append(known.name).append("\"");
    }
    return reader.problem(
        "vendor",
        "'" + name +
            (vendor != nullptr ? "' is for `yagura decode` and captures only; a feed takes one of " : "' is none of ") +
            all);
  }
  if (vendor->carrier == feeds::Carrier::kNats && !net::NatsClient::built_in())
    reader.problem("vendor", "'nats': this yagura was built without NATS");
  if (vendor->silence != Duration{0}) feed.silence = vendor->silence;
  read_address(reader, *vendor, feed);
  read_access(reader, *vendor, feed);
  if (vendor->wants_format) {
    read_json_format(reader, feed);
  } else if (reader.contains("json")) {
    reader.problem("json", "belongs to vendor \"json\"; the frames of " + name + " are known");
  }
  const auto most = vendor->limits.symbols;
  if (most != 0 && feed.symbols.size() > most) {
    reader.problem("symbols",
                   fmt::format("has {} entries; {} takes {} on a connection", feed.symbols.size(), name, most));
  }
  if (vendor->limits.connections_per_key != 0) {
    sharing_[{name, feed.token.env + "\n" + feed.token.file + "\n" + without_query(feed.url)}].push_back(feed.name);
  }
}

void FeedReader::read_address(const TableReader& reader, const feeds::Vendor& vendor, FeedSettings& feed) {
  feed.url = reader.text("url").value_or(std::string(vendor.default_url));
  if (feed.url.empty())
    return reader.problem("url", fmt::format("is missing, and vendor '{}' has no address of its own", vendor.name));
  const auto url = feeds::parse_url(feed.url, vendor.carrier);
  if (!url) return reader.problem("url", url.error().message);
  feed.login_url = reader.text("login_url").value_or(std::string(vendor.login_url));
  if (feed.login_url.empty()) {
    feed.login_url = (url->secure ? "https://" : "http://") + url->authority();
    return;
  }
  const auto login = feeds::parse_url(feed.login_url, feeds::Carrier::kHttp);
  if (!login) return reader.problem("login_url", login.error().message);
  if (login->target != "/")
    return reader.problem("login_url", "must end with the host or port: the rest of the way is the vendor's");
  feed.login_url = login->origin();
}

void FeedReader::read_proxy(const TableReader& reader, FeedSettings& feed) {
  feed.proxy = reader.text("proxy").value_or("");
  feed.proxy_source.env = reader.text("proxy_env").value_or("");
  if (!feed.proxy.empty() && feed.proxy_source.given())
    return reader.problem("proxy_env", "and proxy are both given; one of them is wanted");
  if (feed.proxy.empty() || feed.proxy == "none") return;
  const auto proxy = feeds::parse_proxy(feed.proxy);
  if (!proxy) return reader.problem("proxy", proxy.error().message);
  if (!proxy->password.empty())
    reader.problem("proxy",
                   "holds a password; secrets never stand in the file: name a variable with the whole "
                   "address as proxy_env, or use HTTPS_PROXY");
}

// Missing keys are found here, missing variables and files when they are wanted: a backtest needs none.
void FeedReader::read_access(const TableReader& reader, const feeds::Vendor& vendor, FeedSettings& feed) {
  feed.token = secret(reader, "token");
  feed.password = secret(reader, "password");
  feed.user = reader.text("user").value_or("");
  feed.account = reader.text("account").value_or("");
  const auto need = [&](bool needed, bool given, const char* key) {
    if (needed && !given) reader.problem(key, fmt::format("is missing: {} wants it", vendor.facts.title));
  };
  need(vendor.needs.token, feed.token.given(), "token_env");
  need(vendor.needs.password, feed.password.given(), "password_env");
  need(vendor.needs.user, !feed.user.empty(), "user");
  need(vendor.needs.account, !feed.account.empty(), "account");
}

void FeedReader::read_symbols(const TableReader& reader, FeedSettings& feed) {
  const auto* table = reader.table("symbols");
  if (table == nullptr) {
    if (!reader.contains("symbols")) reader.problem("symbols", "is missing; wanted { USDJPY = \"their name\" }");
    return;
  }
  if (table->empty()) reader.problem("symbols", "is empty; wanted { USDJPY = \"their name\" }");
  for (const auto& [key, node] : *table) {
    const std::string ours{key.str()};
    const auto* theirs = node.as_string();
    const auto symbol = symbols_.find(ours);
    if (!symbol)
      reader.problem("symbols", "'" + ours + "' has no [instrument." + ours + "] table");
    else if (is_series_(*symbol))
      reader.problem("symbols", "'" + ours + "' is a series: its ticks are made here, from those of its legs");
    else if (theirs == nullptr || theirs->get().empty())
      reader.problem("symbols", "'" + ours + "' must name the vendor's symbol in quotes");
    else if (std::ranges::any_of(feed.symbols, [&](const auto& other) { return other.second == theirs->get(); }))
      reader.problem("symbols", "'" + theirs->get() + "' stands for two of ours, and a tick can go to one only");
    else
      feed.symbols[ours] = theirs->get();
  }
}

void FeedReader::finish() {
  for (const auto& [vendor_and_key, names] : sharing_) {
    const auto most = feeds::find_vendor(vendor_and_key.first)->limits.connections_per_key;
    if (names.size() <= most) continue;
    problems_.add(
        0, "feed '" + names.back() + "'.token_env",
        fmt::format("{} allows {} connection{} for a key, and {} feeds use this one; put their symbols into one feed",
                    vendor_and_key.first, most, most == 1 ? "" : "s", names.size()));
  }
}

}  // namespace yagura::config
