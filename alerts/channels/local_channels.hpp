// Sinks on this machine: a program, a file, the desktop. The errors are one line for the user.
#pragma once

#include <memory>

#include "alerts/channel.hpp"
#include "alerts/sink_options.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

// Runs the command with the alert's JSON on standard input and YAGURA_ID, YAGURA_TITLE ... in its environment
// (docs/sinks.md). Exit code 0 delivers, every other end is tried again.
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const ExecChannel& options);

// Appends one line of JSON, written through to the disk; rotates. A line that is there already is not
// written again: a crash between writing and remembering that repeats it.
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const FileChannel& options, std::shared_ptr<const Clock> clock);
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const FileChannel& options);

// A notification through notify-send.
[[nodiscard]] Result<std::unique_ptr<Channel>> make(const DesktopChannel& options);

}  // namespace yagura::alerts
