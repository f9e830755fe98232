// Channels over HTTP, one source each. As make_channel(): the error is one line for the user.
#pragma once

#include <memory>

#include "alerts/channel.hpp"
#include "alerts/sink_options.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

[[nodiscard]] Result<std::unique_ptr<Channel>> make(const WebhookChannel& options);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const SlackChannel& options);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const DiscordChannel& options);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const TelegramChannel& options);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const LineChannel& options);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const PagerDutyChannel& options);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const NtfyChannel& options);

}  // namespace yagura::alerts
