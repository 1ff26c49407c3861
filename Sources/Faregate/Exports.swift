// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

// What a user of the library sees of the inner modules.
@_exported public import FaregateRender
