"""What people see in a browser: Debian's Chromium at the real pages, over HTTP on this machine. axe.min.js is axe-core 4.14.1
(MPL 2.0, its licences beside it), used by these tests only."""
