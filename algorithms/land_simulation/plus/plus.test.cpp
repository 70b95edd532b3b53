// Land Carbon Toolbox: PLUS land simulation: tests.
// SPDX-License-Identifier: GPL-2.0-or-later
