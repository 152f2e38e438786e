# Runs one command in a container: enter.pl ROOT UID GID FILE. The file has the variables, an empty text and the words of the command,
# each ended by a zero, so that nothing needs quotes.
use strict;
use POSIX ();

# Descriptor 3 leads to the runtime: who prints a line there is up.
my ($root, $uid, $gid, $file) = @ARGV;
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
if ($uid != 0 || $gid != 0) {
    $) = "$gid $gid";
    POSIX::setgid($gid) or die "enter: group $gid: $!\n";
    POSIX::setuid($uid) or die "enter: user $uid: $!\n";
}
# A group of its own, by which everything that the container starts can be ended.
POSIX::setsid();
exec { $texts[0] } @texts or do { print STDERR "enter: $texts[0]: $!\n"; exit 127 };
