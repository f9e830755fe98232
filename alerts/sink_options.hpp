// What [[sink]] tables say, complete and checked. Meanings and defaults: docs/sinks.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "alerts/delivery_options.hpp"
#include "alerts/letter.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

// Of every channel that speaks HTTP.
struct HttpOptions {
  std::string ca_file;  // PEM; empty: the system's authorities
  std::string proxy;    // "http://host:port"; "none"; empty: as the environment says
  Duration timeout = std::chrono::seconds{10};
};

struct FileChannel {
  std::string path;
  std::uint64_t rotate_size = 0;  // bytes; 0: never for its size
  bool rotate_daily = false;      // at midnight UTC
  int keep = 0;                   // rotated files; 0: all
};

// Standard Webhooks.
struct WebhookChannel {
  Secret url;  // or in the clear, below
  std::string plain_url;
  Secret secret;      // "whsec_" + base64, or any text
  Secret old_secret;  // signs as well while receivers change over
  HttpOptions http;
};

struct SlackChannel {
  Secret url;
  std::string plain_url;
  HttpOptions http;
};

struct DiscordChannel {
  Secret url;
  std::string plain_url;
  HttpOptions http;
};

struct TelegramChannel {
  std::string api = "https://api.telegram.org";
  Secret token;
  std::string chat;
  HttpOptions http;
};

struct LineChannel {
  std::string api = "https://api.line.me";
  Secret token;
  std::string to;
  HttpOptions http;
};

struct PagerDutyChannel {
  std::string api = "https://events.pagerduty.com";
  Secret routing_key;
  HttpOptions http;
};

struct NtfyChannel {
  std::string server = "https://ntfy.sh";
  std::string topic;
  Secret token;
  HttpOptions http;
};

struct EmailChannel {
  std::string server;    // "smtp://host:587", "smtps://host:465"
  bool starttls = true;  // smtp:// only; off is for a loopback relay
  std::string from;
  std::vector<std::string> to;
  std::string user;
  Secret password;
  std::string ca_file;
  bool chart = true;
  Duration timeout = std::chrono::seconds{30};
};

struct ExecChannel {
  std::vector<std::string> command;   // program and arguments, no shell
  std::vector<std::string> pass_env;  // names of environment variables it gets besides the usual ones
  Duration timeout = std::chrono::seconds{10};
};

struct DesktopChannel {
  std::string command = "notify-send";
};

struct NatsChannel {
  std::vector<std::string> servers;  // "nats://host:4222", "tls://host:4222"
  std::string user;
  Secret password;
  Secret token;
  std::string credentials_file;
  std::string ca_file;
  std::string stream = "YAGURA";
  std::string subject = "yagura.alerts";  // .INSTRUMENT.KIND is added
  Duration timeout = std::chrono::seconds{5};
};

using ChannelOptions =
    std::variant<FileChannel, WebhookChannel, SlackChannel, DiscordChannel, TelegramChannel, LineChannel,
                 PagerDutyChannel, NtfyChannel, EmailChannel, ExecChannel, DesktopChannel, NatsChannel>;

// `count` letters in each `per`, `burst` at once.
struct SinkRate {
  double per_second = 0;  // 0: no limit
  int burst = 1;
};

struct SinkOptions {
  std::string name;
  ChannelOptions channel;
  Deliver deliver = Deliver::kFiltered;
  Severity least = Severity::kInfo;
  bool only_named = false;  // gets only what rules send to it by name
  // Speaks only for a sink of that name that has not taken an alert by then, such as one that hands over
  // to other machines. Empty: speaks for itself.
  std::string fallback_for{};
  Duration fallback_after = std::chrono::seconds{10};
  Language language = Language::kEnglish;
  SinkRate rate;
  std::string title_template, text_template;  // empty: the alert's own words
};

}  // namespace yagura::alerts
