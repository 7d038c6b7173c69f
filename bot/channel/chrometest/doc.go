// Package chrometest lets tests use the pages of channels as people do: in a
// real browser without a window, by what can be read, pressed and typed there.
//
// A [Browser] is started once for a test; each [Browser.Person] is somebody with
// cookies of their own, in a tab as large as a phone. Where no browser is found
// the test is skipped, unless SACHHON_BROWSER=required makes that a failure.
// SACHHON_SHOTS names a folder for pictures of the pages, to be looked at.
//
// Whatever goes wrong in the browser ends the test at once, with what the page
// showed. A Tab is for one goroutine.
package chrometest
