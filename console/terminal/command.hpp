// What keys ask for that somebody else has to do: the monitor, or the program around the screen.
#pragma once

#include <string>
#include <variant>

namespace yagura::console::terminal {

struct Quit {};
struct Redraw {};  // everything anew: the screen was disturbed

// A change, as the API takes it. `what` is for the line that tells how it went: "acknowledge".
struct Request {
  std::string method;  // "POST"
  std::string path;    // "/api/v1/alerts/ID/ack"
  std::string json;
  std::string what;
};

using Command = std::variant<std::monostate, Quit, Redraw, Request>;

}  // namespace yagura::console::terminal
