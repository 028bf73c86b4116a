// SPDX-License-Identifier: MIT
// The source of targets that need one but have nothing to say, such as the precompiled header.
