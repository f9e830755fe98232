// libFuzzer reads its corpus from folders: with YAGURA_FUZZ_SEEDS=FOLDER a target writes its own seeds
// there and ends.
#include <filesystem>
#include <fstream>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* folder = std::getenv("YAGURA_FUZZ_SEEDS");
  if (folder == nullptr) return 0;
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const auto& seed : yagura::fuzz::fuzz_seeds()) {
    std::ofstream{std::filesystem::path{folder} / ("seed-" + std::to_string(number++)), std::ios::binary} << seed;
  }
  std::exit(0);
}
