/* Links the static library and runs it: the exit status is the number of the part that failed. */
int asynkit_no_std(void);

int main(void) { return asynkit_no_std(); }
