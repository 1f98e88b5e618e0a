import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.elasticsearch.Version;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginBundle;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node, 8.19 or 9.5, until it is interrupted; prints one line when it answers.
 *
 * <p>Arguments are settings, "name=value"; path.home, path.data and http.port must be among them.
 */
public final class Launcher {
    private static final TimeValue PATIENCE = TimeValue.timeValueSeconds(60);

    /** Kept, or its level would be forgotten: Lucene warns of a module that makes vectors faster. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    public static void main(String[] arguments) throws Exception {
        LUCENE.setLevel(Level.SEVERE);
        Settings settings = settings(arguments);
        try {
            Node node = start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node)));
            System.out.printf("Elasticsearch %s is ready at http://127.0.0.1:%s (data in %s)%n",
                Version.CURRENT, settings.get("http.port"), settings.get("path.data"));
        } catch (Exception error) {
            System.err.printf("Elasticsearch did not start: %s (try another --port or --data)%n", error.getMessage());
            System.exit(1); // threads of the half-started node are still running
        }
        if (System.getenv("STOP_WITH_PARENT") != null) {
            ProcessHandle.current().parent().orElseThrow().onExit().join();
            System.exit(0);
        }
        Thread.currentThread().join(); // the node's own threads do not keep the process alive
    }

    private static Settings settings(String[] arguments) {
        Settings.Builder builder = Settings.builder()
            .put("network.host", "127.0.0.1")
            .put("transport.port", 0)
            .put("discovery.type", "single-node")
            .put("cluster.name", "magpie")
            .put("node.name", "magpie")
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            builder.put(pair[0], pair[1]);
        }
        return builder.build();
    }

    private static Node start(Settings settings) throws Exception {
        LogConfigurator.registerErrorListener();
        loadLog4jPlugins();
        LogConfigurator.configureWithoutConfig(settings);
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), Path.of(settings.get("path.home"), "config"), () -> "magpie");
        LogConfigurator.configureESLogging();
        Node node = new Node(environment, PluginsLoader.createPluginsLoader(
            bundles(environment.modulesDir()), Set.of(), Map.of(), false));
        node.start();
        node.client().admin().cluster().prepareHealth(PATIENCE).setWaitForYellowStatus().get();
        return node;
    }

    /** Calls what 8.19 needs and 9.x no longer has. */
    private static void loadLog4jPlugins() throws ReflectiveOperationException {
        for (Method method : LogConfigurator.class.getMethods()) {
            if (method.getName().equals("loadLog4jPlugins")) {
                method.invoke(null);
            }
        }
    }

    /** Reads the modules; 9.x asks besides whether the node is stateless, as in Elastic's own cloud. */
    @SuppressWarnings("unchecked")
    private static Set<PluginBundle> bundles(Path modules) throws ReflectiveOperationException {
        for (Method method : PluginsLoader.class.getMethods()) {
            if (method.getName().equals("loadModulesBundles")) {
                boolean isOld = method.getParameterCount() == 1;
                return (Set<PluginBundle>) (isOld ? method.invoke(null, modules) : method.invoke(null, modules, false));
            }
        }
        throw new NoSuchMethodException("PluginsLoader.loadModulesBundles");
    }

    private static void stop(Node node) {
        try {
            node.close();
            node.awaitClose(PATIENCE.seconds(), TimeUnit.SECONDS);
        } catch (Exception error) {
            System.err.println("Elasticsearch did not stop cleanly: " + error.getMessage());
        }
    }
}
