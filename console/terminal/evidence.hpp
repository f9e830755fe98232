// What an alert rests on, for people.
#pragma once

#include <string>
#include <vector>

#include "console/terminal/scene.hpp"

namespace yagura::console::terminal {

struct EvidenceRow {
  std::string name, value;
};

// In the alert's order; what is false or says nothing is left out. Values in the instrument's decimals.
[[nodiscard]] std::vector<EvidenceRow> evidence_of(const Scene& scene, const AlertRow& alert);

}  // namespace yagura::console::terminal
