// yagura decode: frames on standard input, what they mean on standard output.
#include <iostream>

#include "app/commands.hpp"
#include "feeds/codec.hpp"
#include "feeds/decode_line.hpp"

namespace yagura::app {
namespace {}  // namespace

int decode(const std::string& name) {
  const auto* vendor = feeds::find_vendor(name);
  if (vendor == nullptr) {
    std::string all;
    for (const auto& known : feeds::vendors()) all += (all.empty() ? "" : ", ") + std::string(known.name);
    return complain(kUsage, "--vendor " + name + ": no such vendor; one of " + all);
  }
  if (vendor->wants_format)
    return complain(kUsage, "--vendor " + name +
                                ": its frames are read by the settings of a feed; `yagura backtest` reads a "
                                "capture with them");
  const auto codec = vendor->make_codec();
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::cout << feeds::decode_line(*codec, line) << '\n';
    if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
    if (!std::cout) return complain(kFailed, "standard output: writing failed");
  }
  return kDone;
}

}  // namespace yagura::app
