#include "feeds/codec.hpp"
#include "feeds/vendors/list.hpp"

namespace yagura::feeds {

#define YAGURA_DECLARE(name) Vendor name##_vendor();
YAGURA_VENDORS(YAGURA_DECLARE)
#undef YAGURA_DECLARE

std::span<const Vendor> vendors() {
#define YAGURA_ENTRY(name) name##_vendor(),
  static const Vendor all[] = {YAGURA_VENDORS(YAGURA_ENTRY)};
#undef YAGURA_ENTRY
  return all;
}

const Vendor* find_vendor(std::string_view name) {
  for (const auto& vendor : vendors()) {
    if (vendor.name == name) return &vendor;
  }
  return nullptr;
}

}  // namespace yagura::feeds
