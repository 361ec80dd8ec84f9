//===- QualifiedName.h - Entities with what is around them ------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_QUALIFIEDNAME_H
#define RACE_SUPPORT_QUALIFIEDNAME_H

#include "race/Support/Entity.h"
#include <string>

namespace race {

/// The name of a variable, field or class with the namespaces and classes
/// around it, as its USR has them: "app::Queue::pending_".
std::string qualifiedName(const EntityName &E);

} // namespace race

#endif // RACE_SUPPORT_QUALIFIEDNAME_H
