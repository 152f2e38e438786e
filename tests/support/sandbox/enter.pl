# Runs one command in a container: enter.pl ROOT UID GID CAPABILITIES FILE. CAPABILITIES are all, none or the numbers of some. The file
# has the variables, an empty text and the words of the command, each ended by a zero, so that nothing needs quotes.
use strict;
use POSIX ();

# Descriptor 3 leads to the runtime: who prints a line there is up.
my ($root, $uid, $gid, $capabilities, $file) = @ARGV;
open(my $in, '<', $file) or die "enter: $file: $!\n";
my @texts = split /\0/, do { local $/; <$in> }, -1;
pop @texts;
%ENV = ();
while (@texts && length(my $variable = shift @texts)) {
    my ($name, $value) = split /=/, $variable, 2;
    $ENV{$name} = $value;
}
chroot $root or die "enter: $root: $!\n";
chdir '/' or die "enter: $!\n";
umask 0022;
if ($capabilities ne 'all') {
    # What is not in the bounding set is not root's either, once a program is run (prctl(2), PR_CAPBSET_READ and
    # PR_CAPBSET_DROP).
    my $prctl = { x86_64 => 157, aarch64 => 167, riscv64 => 167 }->{ (POSIX::uname())[4] } or die "enter: no number of prctl\n";
    my %kept = map { $_ => 1 } split /,/, $capabilities;
    # The first number that there is none of ends it.
    for (my $capability = 0; syscall($prctl, 23, $capability, 0, 0, 0) >= 0; $capability++) {
        $kept{$capability} or syscall($prctl, 24, $capability, 0, 0, 0) == 0 or die "enter: capability $capability: $!\n";
    }
}
if ($uid != 0 || $gid != 0) {
    $) = "$gid $gid";
    POSIX::setgid($gid) or die "enter: group $gid: $!\n";
    POSIX::setuid($uid) or die "enter: user $uid: $!\n";
}
# A group of its own, by which everything that the container starts can be ended.
POSIX::setsid();
exec { $texts[0] } @texts or do { print STDERR "enter: $texts[0]: $!\n"; exit 127 };
