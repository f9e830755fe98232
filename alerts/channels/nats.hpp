// Sinks of kind "nats": alerts into a JetStream stream, where other monitors' meet and `yagura notify`
// reads them.
#pragma once

#include <memory>
#include <string>

#include "alerts/channel.hpp"
#include "alerts/sink_options.hpp"
#include "core/net/nats_client.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

// Connects with the first letter, and from then on stays connected. Reminders and ends of incidents say
// nothing that the stream does not have: they count as delivered.
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const NatsChannel& options);

// What a connection wants of the options; secrets must have been read.
[[nodiscard]] net::NatsOptions connection_options(const NatsChannel& options);
// The stream of alerts: kept 30 days or 256 MiB, ids known for 24 h, three copies where three servers are
// named.
[[nodiscard]] net::NatsStream alert_stream(const NatsChannel& options);
// "yagura.alerts.USDJPY.milestone".
[[nodiscard]] std::string subject_of(const NatsChannel& options, const Letter& letter);
// The id, which a withdrawal shares with what it takes back: hence "ID-withdrawn".
[[nodiscard]] std::string message_id_of(const Letter& letter);

}  // namespace yagura::alerts
