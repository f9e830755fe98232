#include "config/nats_reader.hpp"

#include <fstream>

#include "core/net/nats_client.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;

Secret read_source(const TableReader& reader, const std::string& name) {
  Secret secret{{reader.text(name + "_env").value_or(""), reader.text(name + "_file").value_or("")}, {}};
  if (!secret.source.env.empty() && !secret.source.file.empty())
    reader.problem(name + "_file", "and " + name + "_env are both given; one of them is wanted");
  return secret;
}

std::string readable_file(const TableReader& reader, const char* key) {
  auto file = reader.text(key).value_or("");
  if (!file.empty() && !std::ifstream(file)) reader.problem(key, "cannot read '" + file + "'");
  return file;
}

// Levels of letters, digits, '-' and '_' between dots: what no wildcard and no space can be part of.
bool is_subject(std::string_view text) {
  bool level = false;
  for (const char c : text) {
    if (c == '.' && !level) return false;
    level = c != '.';
    if (level && net::nats_token(std::string_view{&c, 1}) != std::string_view{&c, 1}) return false;
  }
  return level;
}

}  // namespace

alerts::NatsChannel read_nats_connection(const TableReader& reader, std::string_view subject) {
  alerts::NatsChannel nats;
  nats.subject = subject;
  nats.servers = reader.texts("servers");
  if (!reader.contains("servers"))
    reader.missing("servers");
  else if (const auto good = net::check_nats_servers(nats.servers); !good)
    reader.problem("servers", good.error().message);
  nats.user = reader.text("user").value_or("");
  nats.password = read_source(reader, "password");
  nats.token = read_source(reader, "token");
  nats.credentials_file = readable_file(reader, "credentials_file");
  nats.ca_file = readable_file(reader, "ca_file");
  nats.stream = reader.text("stream").value_or(nats.stream);
  if (net::nats_token(nats.stream) != nats.stream)
    reader.problem("stream", "'" + nats.stream + "' must be up to 64 letters, digits, '-' and '_'");
  nats.subject = reader.text("subject").value_or(nats.subject);
  if (!is_subject(nats.subject))
    reader.problem("subject", "'" + nats.subject + "' must be names between dots, such as \"yagura.alerts\"");
  nats.timeout = reader.duration("timeout", 100ms, 60s).value_or(nats.timeout);
  return nats;
}

}  // namespace yagura::config
