// Package config holds every setting of the program: its name, its default,
// its check, and what may be said of it in help. It is the only reader of the
// environment; cmd calls [Load] once at the start and hands the parts of the
// [Config] on, so that no other package asks where a setting came from.
//
// A setting is looked for in four places, and the first that has it wins: a
// flag, the environment, the file named by --config or SACHHON_CONFIG, and the
// default. Every secret NAME may also be given as NAME_FILE (--flag-file on
// the command line, key_file in the file): the path of a file that holds it.
//
// An empty value turns a setting off where being off has a meaning
// (SACHHON_METRICS_LISTEN, tokens, the centre's phone). For the others an
// empty variable or an empty key counts as not given, as compose files and
// service units leave them behind; an empty flag is refused.
//
// A setting that cannot be used stops the start with an [Error]: one line with
// the name, the value unless it is secret, and what is allowed. Of several, the
// first in the order of [Settings] is reported.
//
// The time zones of the world are compiled in, so that the host needs none.
//
// Everything here is a pure function of its arguments and safe for concurrent
// use; nothing is written, so a crash leaves nothing behind.
package config
