// The list of vendors for people, and that docs/feeds.md shows it.
#include "app/vendor_list.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "feeds/codec.hpp"

namespace yagura::app {
namespace {

using testing::HasSubstr;

TEST(VendorList, HasEveryVendorWithItsFacts) {
  const auto list = "\n" + vendor_list();
  for (const auto& vendor : feeds::vendors()) {
    EXPECT_THAT(list, HasSubstr("\n" + std::string{vendor.name} + " "));
    EXPECT_FALSE(vendor.facts.title.empty() || vendor.facts.carries.empty() || vendor.facts.key.empty() ||
                 vendor.facts.delay.empty() || vendor.facts.terms.empty() || vendor.facts.sample.empty())
        << vendor.name << ": fill in all of Vendor::facts";
  }
}

TEST(VendorList, TheDocumentationShowsTheSame) {
  std::ifstream in{YAGURA_ROOT "/docs/feeds.md"};
  const std::string page{std::istreambuf_iterator<char>{in}, {}};
  EXPECT_NE(page.find("<!-- vendors -->\n\n" + vendor_markdown() + "\n<!-- /vendors -->"), std::string::npos)
      << "docs/feeds.md is behind: run docs/update-feeds.sh";
}

}  // namespace
}  // namespace yagura::app
