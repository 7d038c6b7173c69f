package config

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// helpFooter says what holds for all settings.
const helpFooter = `
A flag wins over the environment, the environment over the file named by --config or
SACHHON_CONFIG, the file over the default. In the file a setting is called like its flag
with _ for -: metrics_listen. Every secret NAME may be given as NAME_FILE, the path of a
file that holds it (--telegram-token-file, telegram_token_file).
`

// Help writes all settings in columns: name in the environment, flag, default,
// what it is for; a secret is marked. The only error is that of w.
func Help(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ENVIRONMENT\tFLAG\tDEFAULT\t")
	for _, s := range Settings() {
		help, standard := s.Help, s.Default
		if s.Secret {
			help += " (secret)"
		}
		if standard == "" {
			standard = "–"
		}
		fmt.Fprintf(t, "%s\t--%s\t%s\t%s\n", s.Name, s.Flag, standard, help)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write help: %w", err)
	}
	if _, err := io.WriteString(w, helpFooter); err != nil {
		return fmt.Errorf("write help: %w", err)
	}
	return nil
}
